import type { Fault } from '../fault.ts';
import { answersRewritten, changed, dataIn } from '../http.ts';

const first = new Map<unknown, unknown>();

export default {
  id: 'reading-shows-first-sources',
  rule: 'app.source-ips.replaced-whole',
  sentence: 'As long as an application is enabled GET shows the source addresses it was enabled with.',
  override: answersRewritten(({ request, body }) => {
    const data = dataIn(body);
    const id = data?.['applicationId'];
    if (data?.['inboundSipCallsEnabled'] !== true) {
      first.delete(id);
      return body;
    }
    const allowedSourceIps = first.get(id) ?? data['allowedSourceIps'];
    first.set(id, allowedSourceIps);
    return request.method === 'GET' ? changed(body, { data: changed(data, { allowedSourceIps }) }) : body;
  }),
} satisfies Fault;
