import type { Parts } from '../../impl/system.ts';
import { faultsOf } from '../fault.ts';
import { segmentsRead } from '../segments.ts';

export default faultsOf('hard.tcp.content-length', [
  {
    id: 'length-cut-to-32-bits',
    sentence: 'A Content-Length of more than 32 bits loses the bits above.',
    override: streamRead((head) =>
      head.replace(/^(Content-Length: )(\d{10,20})$/m, (_line, name: string, digits: string) => {
        return `${name}${BigInt.asUintN(32, BigInt(digits))}`;
      }),
    ),
  },
  {
    id: 'length-first-of-two-counts',
    sentence: 'Of two Content-Length headers the first one counts.',
    override: streamRead((head) => head.replace(/^(Content-Length: \d+)\r\nContent-Length: \d+/m, '$1')),
  },
  {
    id: 'length-missing-is-zero',
    sentence: 'A message over TCP that has no Content-Length is taken for one without a body.',
    override: streamRead((head) =>
      /^(Content-Length|l)[ \t]*:/im.test(head) ? head : `${head}\r\nContent-Length: 0`,
    ),
  },
  {
    id: 'length-read-to-first-odd-octet',
    sentence: 'A Content-Length is read as far as it has digits, and the rest is ignored.',
    override: streamRead((head) => head.replace(/^(Content-Length: *\d+)[^\d\r\n][^\r\n]*/m, '$1')),
  },
]);

/** The edge that reads what `change` makes of the header of a message that comes over TCP in one segment. */
function streamRead(change: (head: string) => string): Partial<Parts> {
  return segmentsRead(() => (segment) => {
    const [head = '', ...rest] = segment.split('\r\n\r\n');
    return rest.length === 0 ? segment : [change(head), ...rest].join('\r\n\r\n');
  });
}
