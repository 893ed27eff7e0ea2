import type { Fault } from '../fault.ts';
import { answersRewritten, changed, dataIn } from '../http.ts';

export default {
  id: 'everybody-shown-as-no-list',
  rule: 'app.cidr.accepted',
  sentence: 'The answer to a PATCH shows an empty list where 0.0.0.0/0 was sent.',
  override: answersRewritten(({ request, body }) => {
    const data = dataIn(body);
    return request.method === 'PATCH' && String(data?.['allowedSourceIps']) === '0.0.0.0/0'
      ? changed(body, { data: changed(data, { allowedSourceIps: [] }) })
      : body;
  }),
} satisfies Fault;
