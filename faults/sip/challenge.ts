import { applyPatch } from '../../impl/api/application_patch.ts';
import { ANSWERS } from '../../impl/edge/answer.ts';
import { decide } from '../../impl/edge/policy.ts';
import { decidedOtherwise, edgeOptions, edgeWith, faultsOf } from '../fault.ts';

const REALM = 'voice-api.example';

export default faultsOf('sip.challenge', [
  {
    id: 'challenge-in-www-authenticate',
    sentence: 'A 407 carries WWW-Authenticate instead of Proxy-Authenticate.',
    collateral: {
      'app.enable.layered': 'it looks at a challenge',
      'sip.auth.foreign-realm': 'it looks at a challenge',
      'sip.auth.forged-nonce': 'it looks at a challenge',
      'sip.auth.nonce-replay': 'it looks at a challenge',
      'sip.auth.stale-nonce': 'it looks at a challenge',
      'sip.challenge.fresh-nonce': 'it looks at challenges',
      'sip.challenge.qop': 'it looks at a challenge',
      'sip.refusal.www-authenticate': 'it looks at a challenge, the answer to Authorization',
      'sip.transaction.retransmit': 'it answers a challenge that it has read',
    },
    override: edgeWith({
      answers: {
        ...ANSWERS,
        challengeAnswer(source, stale, toTag) {
          const answer = ANSWERS.challengeAnswer(source, stale, toTag);
          return {
            ...answer,
            headers: answer.headers?.map(([, value]) => ['WWW-Authenticate', value]) ?? [],
          };
        },
      },
    }),
  },
  {
    id: 'realm-of-the-parent-domain',
    sentence: 'Challenges and passwords are for the realm of the parent domain, so calls still succeed.',
    collateral: {
      'sip.challenge.qop': 'its answer is for the documented realm',
      'sip.auth.forged-nonce': 'it looks at the realm of a challenge',
      'sip.auth.nonce-replay': 'its answer is for the documented realm',
      'sip.auth.foreign-realm': 'it looks at the realm of a challenge',
      'sip.refusal.www-authenticate': 'the realm of a 401 is that of the challenges',
      'sip.transaction.retransmit': 'its answer is for the documented realm',
      'app.enable.layered': 'it looks at the realm of a challenge',
    },
    override: {
      ...edgeOptions(({ realm: domain }) => ({
        realm: REALM,
        parts: {
          decide(arrival, view, now) {
            const own = { isHost: (host: string) => host === domain || view.own.isHost(host) };
            return decide(arrival, { ...view, own }, now);
          },
        },
      })),
      applyPatch: (current, patch, context) => applyPatch(current, patch, { ...context, domain: REALM }),
    },
  },
  {
    id: 'incomplete-digest-let-in',
    sentence: 'A caller is let in whose digest lacks something, or cannot be computed.',
    override: decidedOtherwise((decision, { records }) => {
      const { application } = records.requestUri;
      return decision.reason === 'credentials-unusable' && application !== undefined
        ? { action: 'deliver', reason: 'digest-right', application, nonceUse: undefined }
        : decision;
    }),
  },
  {
    id: 'other-scheme-let-in',
    sentence: 'A caller is let in whose credentials are of another scheme than Digest.',
    override: decidedOtherwise((decision, { request, records }) => {
      const { application } = records.requestUri;
      const isOther = request.proxyAuthorizations.some(({ credentials }) => credentials === undefined);
      return decision.reason === 'no-credentials' && isOther && application !== undefined
        ? { action: 'deliver', reason: 'digest-right', application, nonceUse: undefined }
        : decision;
    }),
  },
  {
    id: 'unreadable-credentials-forbidden',
    sentence: 'Credentials that are no Digest are refused with 403 instead of challenged.',
    override: decidedOtherwise((decision, { request }) =>
      decision.reason === 'no-credentials' &&
      request.proxyAuthorizations.some(({ credentials }) => credentials === undefined)
        ? { action: 'refuse', status: 403, reason: 'no-credentials' }
        : decision,
    ),
  },
]);
