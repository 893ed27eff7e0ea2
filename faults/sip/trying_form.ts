import { faultsOf } from '../fault.ts';
import { onHead } from '../head_lines.ts';
import { wire } from '../wire.ts';

/** The service whose 100 to a caller has other header lines. */
function withTrying(change: (lines: readonly string[]) => readonly string[]): ReturnType<typeof wire> {
  return wire({
    sent: (text, { side }) =>
      side === 'caller' && text.startsWith('SIP/2.0 100 ')
        ? onHead(text, (lines) => [...change(lines)])
        : text,
  });
}

export default faultsOf('sip.trying.form', [
  {
    id: 'trying-without-timestamp',
    sentence: 'A 100 has no Timestamp.',
    override: withTrying((lines) => lines.filter((line) => !/^Timestamp[ \t]*:/i.test(line))),
  },
  {
    id: 'trying-with-tag',
    sentence: 'A 100 has a To tag that its INVITE has not.',
    override: withTrying((lines) =>
      lines.map((line) =>
        /^(To|t)[ \t]*:/i.test(line) && !line.includes(';tag=') ? `${line};tag=trying` : line,
      ),
    ),
  },
  {
    id: 'trying-to-topmost-via',
    sentence: 'A 100 has only the topmost line of Via.',
    override: withTrying((lines) => {
      const first = lines.findIndex((line) => /^v(ia)?[ \t]*:/i.test(line));
      return lines.filter((line, index) => index <= first || !/^v(ia)?[ \t]*:/i.test(line));
    }),
  },
]);
