import type { InboundSettings } from '../impl/store/model/inbound_settings.ts';
import type { Parts } from '../impl/system.ts';
import { answersRewritten, changed, dataIn } from './http.ts';
import { foundOtherwise } from './patches.ts';

/** Until an application is disabled, GET shows the value that this member had when it was enabled. */
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

/** For a disabled application the API shows the last value that this member had while it was enabled. */
export function lastValueShown(member: 'allowedRegions' | 'passwordAuthEnabled'): Partial<Parts> {
  const last = new Map<unknown, unknown>();
  return answersRewritten(({ body }) => {
    const data = dataIn(body);
    const id = data?.['applicationId'];
    if (data?.['inboundSipCallsEnabled'] === true) last.set(id, data[member]);
    const value = last.get(id);
    return value === undefined ? body : changed(body, { data: changed(data, { [member]: value }) });
  });
}

/** The edge that keeps the value this setting had for the first call to an application. */
export function firstValueKept(member: 'allowedRegions' | 'allowedSources'): Partial<Parts> {
  const first = new Map<string, InboundSettings[typeof member]>();
  return foundOtherwise((settings, user) => {
    if (settings?.inboundSipCallsEnabled !== true) return settings;
    const value = first.get(user) ?? settings[member];
    first.set(user, value);
    return { ...settings, [member]: value };
  });
}
