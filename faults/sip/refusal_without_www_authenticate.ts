import { ANSWERS } from '../../impl/edge/answer.ts';
import { edgeWith } from '../fault.ts';
import type { Fault } from '../fault.ts';

export default {
  id: 'refusal-without-www-authenticate',
  rule: 'sip.refusal.www-authenticate',
  sentence: 'A 401 carries no WWW-Authenticate.',
  override: edgeWith({
    answers: {
      ...ANSWERS,
      refusalAnswer(status, request, source, toTag) {
        const answer = ANSWERS.refusalAnswer(status, request, source, toTag);
        return status === 401 ? { ...answer, headers: [] } : answer;
      },
    },
  }),
} satisfies Fault;
