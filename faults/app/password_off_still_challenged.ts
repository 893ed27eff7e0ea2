import type { Credential } from '../../impl/store/model/inbound_settings.ts';
import type { Fault } from '../fault.ts';
import { foundOtherwise } from '../patches.ts';

const credentials = new Map<string | null, Credential>();

export default {
  id: 'password-off-still-challenged',
  rule: 'app.password-off',
  sentence: 'With password authentication turned off callers are challenged as before.',
  override: foundOtherwise((settings) => {
    if (settings === undefined) return undefined;
    const credential = settings.credential ?? credentials.get(settings.uriUser) ?? null;
    if (credential !== null) credentials.set(settings.uriUser, credential);
    return { ...settings, credential };
  }),
} satisfies Fault;
