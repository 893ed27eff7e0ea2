import type { Fault } from '../fault.ts';
import { answersRewritten } from '../http.ts';

export default {
  id: 'unknown-application-403',
  rule: 'app.errors',
  sentence: 'A change of an application that does not exist is refused with 403 instead of 404.',
  collateral: { 'app.envelope': 'it asks for the status of that refusal too' },
  override: answersRewritten(({ request, reply, body }) => {
    if (request.method !== 'GET' && reply.statusCode === 404) void reply.code(403);
    return body;
  }),
} satisfies Fault;
