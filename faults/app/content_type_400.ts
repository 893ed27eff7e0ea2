import type { Fault } from '../fault.ts';
import { answersRewritten } from '../http.ts';

export default {
  id: 'content-type-400',
  rule: 'app.errors',
  sentence: 'A body of a wrong content type is refused with 400 instead of 415.',
  collateral: { 'app.envelope': 'it asks for the status of that refusal too' },
  override: answersRewritten(({ reply, body }) => {
    if (reply.statusCode === 415) void reply.code(400);
    return body;
  }),
} satisfies Fault;
