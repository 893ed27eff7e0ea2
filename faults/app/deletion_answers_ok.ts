import type { Fault } from '../fault.ts';
import { answersRewritten } from '../http.ts';

export default {
  id: 'deletion-answers-ok',
  rule: 'app.envelope',
  sentence: 'A deletion is answered with a body that is no envelope.',
  override: answersRewritten(({ request, reply, body }) => {
    if (request.method !== 'DELETE' || reply.statusCode !== 204) return body;
    void reply.code(200).type('application/json');
    return { ok: true };
  }),
} satisfies Fault;
