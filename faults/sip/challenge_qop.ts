import { ANSWERS } from '../../impl/edge/answer.ts';
import { decidedOtherwise, edgeWith, faultsOf } from '../fault.ts';

export default faultsOf('sip.challenge.qop', [
  {
    id: 'answer-without-qop-refused',
    sentence: 'Credentials without qop are challenged again, however right they are.',
    override: decidedOtherwise((decision) =>
      decision.action === 'deliver' && decision.reason === 'digest-right' && decision.nonceUse === undefined
        ? { action: 'challenge', stale: false, reason: 'credentials-unusable' }
        : decision,
    ),
  },
  {
    id: 'challenge-without-qop',
    sentence: 'A challenge offers no qop.',
    override: edgeWith({
      answers: {
        ...ANSWERS,
        challengeAnswer(source, stale, toTag) {
          const answer = ANSWERS.challengeAnswer(source, stale, toTag);
          const headers = answer.headers?.map(
            ([name, value]) => [name, value.replace(/, *qop="[^"]*"/, '')] as const,
          );
          return { ...answer, headers: headers ?? [] };
        },
      },
    }),
  },
]);
