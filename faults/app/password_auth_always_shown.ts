import type { Fault } from '../fault.ts';
import { answersRewritten, changed, dataIn } from '../http.ts';

export default {
  id: 'password-auth-always-shown',
  rule: 'app.get.settings',
  sentence: 'Reading an enabled application shows passwordAuthEnabled true, with or without a password.',
  override: answersRewritten(({ request, body }) => {
    const data = dataIn(body);
    return request.method === 'GET' && data?.['inboundSipCallsEnabled'] === true
      ? changed(body, { data: changed(data, { passwordAuthEnabled: true }) })
      : body;
  }),
} satisfies Fault;
