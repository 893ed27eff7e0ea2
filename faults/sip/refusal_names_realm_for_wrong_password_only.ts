import { ANSWERS } from '../../impl/edge/answer.ts';
import { edgeWith } from '../fault.ts';
import type { Fault } from '../fault.ts';

export default {
  id: 'refusal-names-realm-for-wrong-password-only',
  rule: 'sip.refusal.www-authenticate',
  sentence: 'Of all 401s only that for a wrong password carries WWW-Authenticate.',
  override: edgeWith({
    answers: {
      ...ANSWERS,
      refusalAnswer(status, request, source, toTag) {
        const answer = ANSWERS.refusalAnswer(status, request, source, toTag);
        const hasPassword = request.proxyAuthorizations.length > 0;
        return status === 401 && !hasPassword ? { ...answer, headers: [] } : answer;
      },
    },
  }),
} satisfies Fault;
