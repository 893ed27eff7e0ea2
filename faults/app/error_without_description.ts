import type { Fault } from '../fault.ts';
import { answersRewritten, changed } from '../http.ts';

export default {
  id: 'error-without-description',
  rule: 'app.envelope',
  sentence: 'The error of a reading without a token has a type and no description.',
  override: answersRewritten(({ request, reply, body }) =>
    request.method === 'GET' && reply.statusCode === 401
      ? changed(body, { errors: [{ type: 'authentication.required' }] })
      : body,
  ),
} satisfies Fault;
