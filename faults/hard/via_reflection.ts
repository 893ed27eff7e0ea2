import type { SocketAddress } from '../../impl/net/socket_address.ts';
import type { SipRequest } from '../../impl/sip/message.ts';
import { TransactionLayer } from '../../impl/sip/transaction_layer.ts';
import type { Transport } from '../../impl/sip/transport.ts';
import { DEFAULT_PORT } from '../../impl/sip/via.ts';
import type { Parts } from '../../impl/system.ts';
import { edgeWith, faultsOf } from '../fault.ts';
import { wire } from '../wire.ts';

export default faultsOf('hard.via.reflection', [
  {
    id: 'answer-to-maddr',
    sentence: 'Answers go to the address that maddr in the Via names.',
    override: answersTo('maddr'),
  },
  {
    id: 'answer-to-received',
    sentence: 'Answers go to the address that the client itself wrote into received in the Via.',
    override: answersTo('received'),
  },
  {
    id: 'refused-bye-answered-thrice',
    sentence: 'The 481 to a BYE of no call goes out three times.',
    override: wire({
      sent: (text) => (/^SIP\/2\.0 481 [^]*^CSeq: \d+ BYE\r$/m.test(text) ? [text, text, text] : text),
    }),
  },
  {
    id: 'malformed-answered-at-length',
    sentence: 'The 400 to a malformed request explains in two thousand octets what a request looks like.',
    override: wire({
      sent: (text) =>
        text.startsWith('SIP/2.0 400 ')
          ? text.replace('\r\n\r\n', `\r\nWarning: 399 edge "${'a'.repeat(2_000)}"\r\n\r\n`)
          : text,
    }),
  },
]);

/** The edge that takes the address in this parameter of the Via for the source of the request. */
function answersTo(parameter: 'maddr' | 'received'): Partial<Parts> {
  return edgeWith({
    TransactionLayer: class extends TransactionLayer {
      override receiveRequest(request: SipRequest, source: SocketAddress, transport: Transport): void {
        const { text, start, end, port = DEFAULT_PORT } = request.via;
        const [, address] =
          new RegExp(`;${parameter}=(\\d+\\.\\d+\\.\\d+\\.\\d+)`).exec(text.slice(start, end)) ?? [];
        super.receiveRequest(request, address === undefined ? source : { address, port }, transport);
      }
    },
  });
}
