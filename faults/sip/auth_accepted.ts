import { TransactionLayer, type TransactionUser } from '../../impl/sip/transaction_layer.ts';
import { edgeWith, faultsOf } from '../fault.ts';
import { wire } from '../wire.ts';

export default faultsOf('sip.auth.accepted', [
  {
    id: 'ack-not-passed-on',
    sentence: 'The ACK to a 200 is not passed on.',
    collateral: {
      'sip.dialog.in-route': 'the called side waits for the ACK before it goes on',
      'sip.tcp': 'the called side waits for the ACK before it goes on',
    },
    override: edgeWith({
      TransactionLayer: class extends TransactionLayer {
        override serve(user: TransactionUser): void {
          super.serve({
            requested: (...asked) => user.requested(...asked),
            acknowledged: () => undefined,
            unacknowledged: () => user.unacknowledged(),
          });
        }
      },
    }),
  },
  {
    id: 'credentials-in-odd-case-unread',
    sentence: 'Credentials count only where the names of their parameters are in lower case.',
    foundBy: ['sip.auth.wrong-password'],
    override: wire({
      received: (text) => text.replace(/^Proxy-Authorization:.*[ ,][a-z]*[A-Z]\w*=.*\r\n/m, ''),
    }),
  },
  {
    id: 'quoted-name-read-as-address',
    sentence: 'A display name in quotes is searched for the address.',
    override: wire({
      received: (text) => text.replace(/^To: "[^"]*(<[^>"]*>)[^"]*" <[^>]*>/im, 'To: $1'),
    }),
  },
]);
