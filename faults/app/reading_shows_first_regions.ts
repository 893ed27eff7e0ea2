import type { Fault } from '../fault.ts';
import { answersRewritten, changed, dataIn } from '../http.ts';

const first = new Map<unknown, unknown>();

export default {
  id: 'reading-shows-first-regions',
  rule: 'app.regions.only',
  sentence: 'As long as an application is enabled GET shows the regions it was enabled with.',
  override: answersRewritten(({ request, body }) => {
    const data = dataIn(body);
    const id = data?.['applicationId'];
    if (data?.['inboundSipCallsEnabled'] !== true) {
      first.delete(id);
      return body;
    }
    const allowedRegions = first.get(id) ?? data['allowedRegions'];
    first.set(id, allowedRegions);
    return request.method === 'GET' ? changed(body, { data: changed(data, { allowedRegions }) }) : body;
  }),
} satisfies Fault;
