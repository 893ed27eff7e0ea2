import { ANSWERS } from '../../impl/edge/answer.ts';
import { edgeWith } from '../fault.ts';
import type { Fault } from '../fault.ts';

export default {
  id: 'refusal-with-another-realm',
  rule: 'sip.refusal.www-authenticate',
  sentence: 'The realm in a 401 is not the one of the challenges.',
  override: edgeWith({
    answers: {
      ...ANSWERS,
      refusalAnswer: (status, request, source, toTag) =>
        ANSWERS.refusalAnswer(status, request, { ...source, realm: 'voice-api.example' }, toTag),
    },
  }),
} satisfies Fault;
