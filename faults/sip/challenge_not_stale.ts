import { ANSWERS } from '../../impl/edge/answer.ts';
import { decidedOtherwise, edgeWith, faultsOf } from '../fault.ts';

export default faultsOf('sip.challenge.not-stale', [
  {
    id: 'first-challenge-stale',
    sentence: 'A challenge to an INVITE without credentials says that a nonce was stale.',
    override: decidedOtherwise((decision) =>
      decision.action === 'challenge' && decision.reason === 'no-credentials'
        ? { ...decision, stale: true }
        : decision,
    ),
  },
  {
    id: 'wrong-digest-stale',
    sentence: 'The refusal of a wrong digest says that its nonce was stale.',
    override: edgeWith({
      answers: {
        ...ANSWERS,
        refusalAnswer(status, request, source, toTag) {
          const answer = ANSWERS.refusalAnswer(status, request, source, toTag);
          const headers = answer.headers?.map(
            ([name, value]) => [name, name === 'WWW-Authenticate' ? `${value}, stale=true` : value] as const,
          );
          return headers === undefined ? answer : { ...answer, headers };
        },
      },
    }),
  },
]);
