import { TransactionLayer } from '../../impl/sip/transaction_layer.ts';
import { edgeWith } from '../fault.ts';
import type { Fault } from '../fault.ts';

export default {
  id: 'cancel-finds-nothing',
  rule: 'sip.cancel',
  sentence: 'CANCEL is answered with 481, also while the call rings.',
  collateral: { 'sip.ack-cancel.unchallenged': 'it needs a call that can be given up' },
  override: edgeWith({
    TransactionLayer: class extends TransactionLayer {
      override inviteToCancel(): undefined {}
    },
  }),
} satisfies Fault;
