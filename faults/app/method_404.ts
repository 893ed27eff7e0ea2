import type { Fault } from '../fault.ts';
import { answersRewritten } from '../http.ts';

export default {
  id: 'method-404',
  rule: 'app.errors',
  sentence: 'A method that there is none of is refused with 404 instead of 405.',
  collateral: { 'app.envelope': 'it asks for the status of that refusal too' },
  override: answersRewritten(({ reply, body }) => {
    if (reply.statusCode === 405) void reply.code(404);
    return body;
  }),
} satisfies Fault;
