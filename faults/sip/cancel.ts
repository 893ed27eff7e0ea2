import { TransactionLayer } from '../../impl/sip/transaction_layer.ts';
import { edgeWith, faultsOf } from '../fault.ts';
import { wire } from '../wire.ts';

export default faultsOf('sip.cancel', [
  {
    id: 'cancel-finds-nothing',
    sentence: 'CANCEL is answered with 481 even while the call rings.',
    override: edgeWith({
      TransactionLayer: class extends TransactionLayer {
        override inviteToCancel(): undefined {}
      },
    }),
  },
  {
    id: 'cancel-not-passed-on',
    sentence: 'CANCEL is answered, and the called side goes on ringing.',
    override: wire({
      sent: (text, { side }) => (side === 'platform' && text.startsWith('CANCEL ') ? undefined : text),
    }),
  },
  {
    id: 'request-terminated-lost',
    sentence: 'The INVITE of a call that was given up never gets its 487.',
    override: wire({
      sent: (text, { side }) => (side === 'caller' && text.startsWith('SIP/2.0 487 ') ? undefined : text),
    }),
  },
  {
    id: 'ringing-swallowed',
    sentence: 'The caller does not hear that the other side rings.',
    override: wire({
      sent: (text, { side }) => (side === 'caller' && text.startsWith('SIP/2.0 180 ') ? undefined : text),
    }),
  },
  {
    id: 'cancel-of-another-branch',
    sentence: 'The CANCEL that the called side gets has a branch of its own, and so cancels nothing.',
    override: wire({
      sent: (text, { side }) =>
        side === 'platform' && text.startsWith('CANCEL ') ? text.replace(/;branch=z9hG4bK/, '$&other') : text,
    }),
  },
  {
    id: 'cancel-of-another-number',
    sentence: 'The CANCEL that the called side gets has the next number in CSeq.',
    override: wire({
      sent: (text, { side }) =>
        side === 'platform'
          ? text.replace(/^CSeq: (\d+) CANCEL/m, (_all, number) => `CSeq: ${Number(number) + 1} CANCEL`)
          : text,
    }),
  },
]);
