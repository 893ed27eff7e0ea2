import type { Arrival, PolicyView } from '../../impl/edge/decision.ts';
import { checkableCredentials, digestResponse } from '../../impl/sip/digest.ts';
import { credentialsIn } from '../credentials.ts';
import { decidedOtherwise, faultsOf } from '../fault.ts';

/** Rules with a scenario in which a wrong password is refused with 401, and why the password is wrong. */
const WRONG_PASSWORDS: Readonly<Record<string, string>> = {
  'app.password-off': 'the old password is a wrong one',
  'app.reenable.fresh': 'the former password is a wrong one',
  'app.rotate.new-password': 'the old password is a wrong one',
  'app.rotate.old-dies-at-once': 'the old password is a wrong one',
  'sip.refusal.www-authenticate': 'one of its refusals is for a wrong password',
  'sip.tcp': 'over TCP too',
  'sip.layered.digest-fails': 'its wrong digest is the same wrong digest',
};

/** Whether the first half of the digest is that of the application's password. */
function isHalfRight(arrival: Arrival, view: PolicyView): boolean {
  const sent = credentialsIn(arrival, view);
  const answer = sent && checkableCredentials(sent);
  const credential = arrival.records.requestUri.application?.credential;
  if (answer === undefined || credential === undefined || credential === null) return false;
  return [credential.uriUser, credential.applicationId].some((ha1) =>
    answer.response.startsWith(
      digestResponse(answer, arrival.request.method, ha1[answer.algorithm]).slice(0, 16),
    ),
  );
}

export default faultsOf('sip.auth.wrong-password', [
  {
    id: 'digest-not-computed',
    sentence: 'A caller with the right user name and nonce is let in, whatever its digest is.',
    collateral: WRONG_PASSWORDS,
    override: decidedOtherwise((decision, { request }, { directory }) => {
      const application = directory.find(request.uri.user ?? '');
      return decision.reason === 'digest-wrong' && application !== undefined
        ? { action: 'deliver', reason: 'digest-right', application, nonceUse: undefined }
        : decision;
    }),
  },
  {
    id: 'half-a-digest-enough',
    sentence: 'Only the first half of a digest is compared.',
    override: decidedOtherwise((decision, arrival, view) => {
      const { application } = arrival.records.requestUri;
      return decision.reason === 'digest-wrong' && application !== undefined && isHalfRight(arrival, view)
        ? { action: 'deliver', reason: 'digest-right', application, nonceUse: undefined }
        : decision;
    }),
  },
  {
    id: 'wrong-password-403',
    sentence: 'A wrong digest is refused with 403 instead of 401.',
    collateral: WRONG_PASSWORDS,
    override: decidedOtherwise((decision) =>
      decision.reason === 'digest-wrong'
        ? { action: 'refuse', status: 403, reason: 'digest-wrong' }
        : decision,
    ),
  },
  {
    id: 'wrong-password-challenged',
    sentence: 'A wrong digest is challenged again and again instead of refused.',
    collateral: WRONG_PASSWORDS,
    override: decidedOtherwise((decision) =>
      decision.reason === 'digest-wrong'
        ? { action: 'challenge', stale: false, reason: 'digest-wrong' }
        : decision,
    ),
  },
  {
    id: 'folded-digest-not-computed',
    sentence: 'Credentials on several lines are believed, whatever their digest is.',
    override: decidedOtherwise((decision, { request, records }) => {
      const { application } = records.requestUri;
      const isFolded = /^Proxy-Authorization:.*\r\n[ \t]/im.test(
        request.text.slice(request.start, request.end),
      );
      return decision.reason === 'digest-wrong' && isFolded && application !== undefined
        ? { action: 'deliver', reason: 'digest-right', application, nonceUse: undefined }
        : decision;
    }),
  },
]);
