import { ANSWERS } from '../../impl/edge/answer.ts';
import { edgeWith } from '../fault.ts';
import type { Fault } from '../fault.ts';

export default {
  id: 'challenge-without-qop',
  rule: 'sip.challenge.qop',
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
} satisfies Fault;
