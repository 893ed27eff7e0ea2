import type { Fault } from '../fault.ts';
import { answersRewritten, changed } from '../http.ts';

export default {
  id: 'field-not-named',
  rule: 'app.errors',
  sentence: 'The refusal of a null does not say which field it is in.',
  override: answersRewritten(({ request, reply, body }) => {
    const sent: unknown = request.body;
    const hasNull = typeof sent === 'object' && sent !== null && Object.values(sent).includes(null);
    return reply.statusCode === 400 && hasNull
      ? changed(body, { errors: [{ type: 'field.invalid', description: 'a value is null' }] })
      : body;
  }),
} satisfies Fault;
