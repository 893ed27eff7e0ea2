import { applyPatch } from '../../impl/api/application_patch.ts';
import type { Fault } from '../fault.ts';

const passwords = new Map<string, string>();

export default {
  id: 'reenabled-with-former-password',
  rule: 'app.reenable.fresh',
  sentence: 'Enabling once more with a password brings the former password back.',
  override: {
    applyPatch(current, patch, context) {
      const { applicationId, inbound } = current;
      const newPassword = (): string => {
        const former = inbound === null ? passwords.get(applicationId) : undefined;
        const password = former ?? context.newPassword();
        passwords.set(applicationId, password);
        return password;
      };
      return applyPatch(current, patch, { ...context, newPassword });
    },
  },
} satisfies Fault;
