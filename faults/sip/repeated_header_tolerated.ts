import type { Fault } from '../fault.ts';
import { wire } from '../wire.ts';

const ONCE = /^(Call-ID|CSeq|From|Max-Forwards|To|Content-Length)[ \t]*:.*\r\n(?:[ \t].*\r\n)*/gim;

export default {
  id: 'repeated-header-tolerated',
  rule: 'sip.malformed',
  sentence: 'Of a header that may stand only once the first is read, and any other ignored.',
  override: wire({
    received(text) {
      const seen = new Set<string>();
      return text.replace(ONCE, (line, name: string) => {
        const isFirst = !seen.has(name.toLowerCase());
        seen.add(name.toLowerCase());
        return isFirst ? line : '';
      });
    },
  }),
} satisfies Fault;
