import type { Fault } from '../fault.ts';
import { answersRewritten, changed, dataIn } from '../http.ts';

const flags = new Map<unknown, unknown>();

export default {
  id: 'disabled-shows-password-auth',
  rule: 'app.disable.clears',
  sentence: 'A disabled application still shows passwordAuthEnabled true.',
  override: answersRewritten(({ body }) => {
    const data = dataIn(body);
    const id = data?.['applicationId'];
    if (data?.['inboundSipCallsEnabled'] === true) flags.set(id, data['passwordAuthEnabled']);
    const passwordAuthEnabled = flags.get(id);
    return passwordAuthEnabled === undefined
      ? body
      : changed(body, { data: changed(data, { passwordAuthEnabled }) });
  }),
} satisfies Fault;
