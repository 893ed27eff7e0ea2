import { ANSWERS } from '../../impl/edge/answer.ts';
import { edgeWith } from '../fault.ts';
import type { Fault } from '../fault.ts';

export default {
  id: 'not-allowed-without-allow',
  rule: 'sip.methods',
  sentence: 'A 405 does not say which methods are allowed.',
  override: edgeWith({
    answers: {
      ...ANSWERS,
      refusalAnswer(status, request, source, toTag) {
        const answer = ANSWERS.refusalAnswer(status, request, source, toTag);
        return status === 405 ? { ...answer, headers: [] } : answer;
      },
    },
  }),
} satisfies Fault;
