import { listen } from '../../impl/sip/listener.ts';
import { edgeWith, faultsOf } from '../fault.ts';
import { wire } from '../wire.ts';

const CREDENTIALS =
  'Proxy-Authorization: Digest username="edge", realm="edge", nonce="abcdef0123456789", uri="sip:edge", response="0"\r\n';

export default faultsOf('hard.digest.leak', [
  {
    id: 'challenged-bye-sent-again-with-credentials',
    sentence: 'A BYE that the caller challenges with 407 is sent to it again, with credentials.',
    override: edgeWith({
      async listen(binding, user, wheel) {
        const listener = await listen(
          binding,
          {
            received(packet, source, transport) {
              const text = packet.toString('latin1');
              if (text.startsWith('SIP/2.0 407 ') && /^CSeq: \d+ BYE\r$/m.test(text)) {
                const bye = text.replace(/^.*\r\n/, `BYE sip:caller SIP/2.0\r\n${CREDENTIALS}`);
                transport.send(Buffer.from(bye, 'latin1'), source);
              }
              user.received(packet, source, transport);
            },
            undelivered: (...told) => user.undelivered(...told),
          },
          wheel,
        );
        return listener;
      },
    }),
  },
  {
    id: 'credentials-sent-unasked',
    sentence: 'The ACK to a challenged re-INVITE carries credentials.',
    override: wire({
      sent: (text, { side }) =>
        side === 'caller' && text.startsWith('ACK ') ? text.replace('\r\n', `\r\n${CREDENTIALS}`) : text,
    }),
  },
]);
