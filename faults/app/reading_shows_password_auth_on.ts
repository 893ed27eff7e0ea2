import type { Fault } from '../fault.ts';
import { answersRewritten, changed, dataIn } from '../http.ts';

const seen = new Set<unknown>();

export default {
  id: 'reading-shows-password-auth-on',
  rule: 'app.password-off',
  sentence: 'GET goes on showing passwordAuthEnabled true after password authentication was turned off.',
  override: answersRewritten(({ request, body }) => {
    const data = dataIn(body);
    const id = data?.['applicationId'];
    if (data?.['passwordAuthEnabled'] === true) seen.add(id);
    return request.method === 'GET' && data?.['inboundSipCallsEnabled'] === true && seen.has(id)
      ? changed(body, { data: changed(data, { passwordAuthEnabled: true }) })
      : body;
  }),
} satisfies Fault;
