import type { Fault } from '../fault.ts';
import { answersRewritten, changed, dataIn } from '../http.ts';

const regions = new Map<unknown, unknown>();

export default {
  id: 'disabled-shows-regions',
  rule: 'app.disable.clears',
  sentence: 'A disabled application still shows the regions it had.',
  override: answersRewritten(({ body }) => {
    const data = dataIn(body);
    const id = data?.['applicationId'];
    if (data?.['inboundSipCallsEnabled'] === true) regions.set(id, data['allowedRegions']);
    const allowedRegions = regions.get(id);
    return allowedRegions === undefined ? body : changed(body, { data: changed(data, { allowedRegions }) });
  }),
} satisfies Fault;
