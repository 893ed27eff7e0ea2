import type { Fault } from '../fault.ts';
import { answersRewritten, changed, dataIn } from '../http.ts';

export default {
  id: 'password-auth-off-in-answer',
  rule: 'app.enable.password',
  sentence: 'The answer to enabling with a password says that password authentication is off.',
  override: answersRewritten(({ request, body }) => {
    const data = dataIn(body);
    const hasSources = String(data?.['allowedSourceIps']) !== '';
    return request.method === 'PATCH' && data?.['sipAuthPassword'] !== undefined && !hasSources
      ? changed(body, { data: changed(data, { passwordAuthEnabled: false }) })
      : body;
  }),
} satisfies Fault;
