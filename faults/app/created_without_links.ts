import type { Fault } from '../fault.ts';
import { answersRewritten, changed } from '../http.ts';

export default {
  id: 'created-without-links',
  rule: 'app.envelope',
  sentence: 'The answer with a new application has no links.',
  override: answersRewritten(({ reply, body }) =>
    reply.statusCode === 201 ? changed(body, { links: undefined }) : body,
  ),
} satisfies Fault;
