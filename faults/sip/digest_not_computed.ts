import { WRONG_PASSWORDS } from '../collateral.ts';
import { decidedOtherwise } from '../fault.ts';
import type { Fault } from '../fault.ts';

export default {
  id: 'digest-not-computed',
  rule: 'sip.auth.wrong-password',
  sentence:
    'Whoever answers a challenge with the right user name and nonce comes in, whatever the digest is.',
  collateral: WRONG_PASSWORDS,
  override: decidedOtherwise((decision, { request }, { directory }) => {
    const application = directory.find(request.uri.user ?? '');
    return decision.reason === 'digest-wrong' && application !== undefined
      ? { action: 'deliver', reason: 'digest-right', application, nonceUse: undefined }
      : decision;
  }),
} satisfies Fault;
