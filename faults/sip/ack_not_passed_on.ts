import { edgeWith } from '../fault.ts';
import type { Fault } from '../fault.ts';
import { TransactionLayer } from '../../impl/sip/transaction_layer.ts';

export default {
  id: 'ack-not-passed-on',
  rule: 'sip.auth.accepted',
  sentence: 'The ACK of a 200 goes no further than the service.',
  collateral: {
    'sip.dialog.in-route': 'the called side waits for the ACK before it goes on',
    'sip.tcp': 'the called side waits for the ACK before it goes on',
  },
  override: edgeWith({
    TransactionLayer: class extends TransactionLayer {
      constructor(...[wheel, user]: ConstructorParameters<typeof TransactionLayer>) {
        super(wheel, {
          requested: (...asked) => user.requested(...asked),
          acknowledged: () => undefined,
          unacknowledged: () => user.unacknowledged(),
        });
      }
    },
  }),
} satisfies Fault;
