import { NonceCounts } from '../../impl/sip/nonce_count.ts';
import { edgeWith } from '../fault.ts';
import type { Fault } from '../fault.ts';

export default {
  id: 'nonce-count-not-kept',
  rule: 'sip.auth.nonce-replay',
  sentence: 'The same credentials open the door as often as they are sent while their nonce lives.',
  override: edgeWith({
    NonceCounts: class extends NonceCounts {
      override isReplayed(): boolean {
        return false;
      }
    },
  }),
} satisfies Fault;
