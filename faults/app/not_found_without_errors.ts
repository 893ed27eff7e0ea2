import type { Fault } from '../fault.ts';
import { answersRewritten, changed } from '../http.ts';

export default {
  id: 'not-found-without-errors',
  rule: 'app.envelope',
  sentence: 'Reading an application that does not exist gives a body without the list of errors.',
  override: answersRewritten(({ request, reply, body }) =>
    request.method === 'GET' && reply.statusCode === 404 ? changed(body, { errors: undefined }) : body,
  ),
} satisfies Fault;
