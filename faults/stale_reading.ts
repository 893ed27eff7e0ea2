import type { Parts } from '../impl/system.ts';
import { answersRewritten, changed, dataIn } from './http.ts';

/** The API whose GET shows what this member was when the application was enabled, until it is disabled. */
export function firstValueShown(member: 'allowedRegions' | 'allowedSourceIps'): Partial<Parts> {
  const first = new Map<unknown, unknown>();
  return answersRewritten(({ request, body }) => {
    const data = dataIn(body);
    const id = data?.['applicationId'];
    if (data?.['inboundSipCallsEnabled'] !== true) {
      first.delete(id);
      return body;
    }
    const value = first.get(id) ?? data[member];
    first.set(id, value);
    return request.method === 'GET' ? changed(body, { data: changed(data, { [member]: value }) }) : body;
  });
}
