import type { Fault } from '../fault.ts';
import { answersRewritten } from '../http.ts';

export default {
  id: 'list-without-envelope',
  rule: 'app.envelope',
  sentence: 'A list of applications comes as it is, without an envelope.',
  override: answersRewritten(({ request, body }) => {
    const isList = request.method === 'GET' && request.url.endsWith('/voice-applications');
    return isList && typeof body === 'object' && body !== null && 'data' in body ? body.data : body;
  }),
} satisfies Fault;
