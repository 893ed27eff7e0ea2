import type { Fault } from '../fault.ts';
import { answersRewritten, changed, dataIn } from '../http.ts';

export default {
  id: 'empty-regions-left-out',
  rule: 'app.get.settings',
  sentence: 'Reading an enabled application that is open to every region does not show allowedRegions.',
  override: answersRewritten(({ request, body }) => {
    const data = dataIn(body);
    const isOpen = data?.['inboundSipCallsEnabled'] === true && String(data['allowedRegions']) === '';
    return request.method === 'GET' && isOpen
      ? changed(body, { data: changed(data, { allowedRegions: undefined }) })
      : body;
  }),
} satisfies Fault;
