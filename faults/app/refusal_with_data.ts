import type { Fault } from '../fault.ts';
import { answersRewritten, changed } from '../http.ts';

export default {
  id: 'refusal-with-data',
  rule: 'app.envelope',
  sentence: 'Where a reading is refused data is an empty object instead of null.',
  override: answersRewritten(({ request, reply, body }) =>
    request.method === 'GET' && reply.statusCode >= 400 ? changed(body, { data: {} }) : body,
  ),
} satisfies Fault;
