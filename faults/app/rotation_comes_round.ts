import { applyPatch } from '../../impl/api/application_patch.ts';
import type { Fault } from '../fault.ts';

const passwords = new Map<string, string[]>();

export default {
  id: 'rotation-comes-round',
  rule: 'app.rotate.new-password',
  sentence: 'The second rotation of a password brings the first one back.',
  override: {
    applyPatch(current, patch, context) {
      const given = passwords.get(current.applicationId) ?? [];
      passwords.set(current.applicationId, given);
      return applyPatch(current, patch, {
        ...context,
        newPassword() {
          const password = given.at(-2) ?? context.newPassword();
          given.push(password);
          return password;
        },
      });
    },
  },
} satisfies Fault;
