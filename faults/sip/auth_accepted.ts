import { TransactionLayer, type TransactionUser } from '../../impl/sip/transaction_layer.ts';
import { edgeWith, faultsOf } from '../fault.ts';

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
]);
