import { faultsOf } from '../fault.ts';
import { wire } from '../wire.ts';

/** The service whose ACK to a refusal of the called side, which has one Via, is another one. */
function withAck(change: (text: string) => string): ReturnType<typeof wire> {
  return wire({
    sent: (text, { side }) =>
      side === 'platform' && text.startsWith('ACK ') && text.match(/^v(ia)?[ \t]*:/gim)?.length === 1
        ? change(text)
        : text,
  });
}

export default faultsOf('sip.ack.proxy', [
  {
    id: 'ack-without-tag',
    sentence: 'The ACK to a refusal of the called side has no To tag.',
    override: withAck((text) => text.replace(/^((?:To|t)[ \t]*:[^\r]*);tag=[^;\r]*/im, '$1')),
  },
  {
    id: 'ack-without-route',
    sentence: 'The ACK to a refusal of the called side has no Route.',
    override: withAck((text) => text.replaceAll(/^Route:[^\r]*\r\n/gm, '')),
  },
  {
    id: 'ack-once',
    sentence: 'A refusal that comes again is not acknowledged again.',
    override: acknowledgingOnce(),
  },
]);

/** The branches of the ACKs that have gone out. */
function acknowledgingOnce(): ReturnType<typeof wire> {
  const known = new Set<string>();
  return wire({
    sent(text, { side }) {
      const isAck = side === 'platform' && text.startsWith('ACK ');
      const branch = /;branch=([^;\r]*)/.exec(text)?.[1] ?? '';
      if (isAck && known.has(branch)) return undefined;
      if (isAck) known.add(branch);
      return text;
    },
  });
}
