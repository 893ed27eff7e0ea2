import type { Fault } from '../fault.ts';
import { answersRewritten } from '../http.ts';

export default {
  id: 'methods-not-told',
  rule: 'app.errors',
  sentence: 'The refusal of a method does not say which methods there are.',
  override: answersRewritten(({ reply, body }) => {
    void reply.removeHeader('allow');
    return body;
  }),
} satisfies Fault;
