import { decidedOtherwise } from '../fault.ts';
import type { Fault } from '../fault.ts';

export default {
  id: 'digest-not-computed',
  rule: 'sip.auth.wrong-password',
  sentence:
    'Whoever answers a challenge with the right user name and nonce comes in, whatever the digest is.',
  collateral: {
    'app.password-off': 'the old password is a wrong one',
    'app.reenable.fresh': 'the former password is a wrong one',
    'app.rotate.new-password': 'the old password is a wrong one',
    'app.rotate.old-dies-at-once': 'the old password is a wrong one',
    'sip.refusal.www-authenticate': 'one of its refusals is for a wrong password',
    'sip.tcp': 'over TCP too',
    'sip.layered.digest-fails': 'its wrong digest is the same wrong digest',
  },
  override: decidedOtherwise((decision, { request }, { directory }) => {
    const application = directory.find(request.uri.user ?? '');
    return decision.reason === 'digest-wrong' && application !== undefined
      ? { action: 'deliver', reason: 'digest-right', application, nonceUse: undefined }
      : decision;
  }),
} satisfies Fault;
