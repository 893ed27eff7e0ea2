import { applyPatch } from '../../impl/api/application_patch.ts';
import type { Fault } from '../fault.ts';

const passwords = new Map<string, string>();

export default {
  id: 'password-back-after-off',
  rule: 'app.password-off',
  sentence: 'Turning password authentication off and on again brings the old password back.',
  override: {
    applyPatch(current, patch, context) {
      const key = current.inbound?.credential === null ? current.inbound.uriUser : undefined;
      const outcome = applyPatch(current, patch, {
        ...context,
        newPassword: () => passwords.get(key ?? '') ?? context.newPassword(),
      });
      if (outcome.next?.inbound && outcome.oneTimePassword !== undefined)
        passwords.set(outcome.next.inbound.uriUser, outcome.oneTimePassword);
      return outcome;
    },
  },
} satisfies Fault;
