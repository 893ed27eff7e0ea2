import { applyPatch } from '../../impl/api/application_patch.ts';
import { faultsOf, patchedOtherwise } from '../fault.ts';

/** All passwords that were made, by applicationId. */
const passwordsGiven = new Map<string, string[]>();

/** The passwords before any rotation, by applicationId. */
const firstPasswords = new Map<string, string>();

export default faultsOf('app.rotate.new-password', [
  {
    id: 'rotation-comes-round',
    sentence: 'The second rotation of a password brings the first one back.',
    override: {
      applyPatch(current, patch, context) {
        const given = passwordsGiven.get(current.applicationId) ?? [];
        passwordsGiven.set(current.applicationId, given);
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
  },
  {
    id: 'rotation-gives-same-password',
    sentence: 'A rotation gives the password that is there already.',
    collateral: { 'app.rotate.old-dies-at-once': 'the old password is the new one' },
    override: patchedOtherwise((outcome, { current: { applicationId, inbound } }) => {
      if (!outcome.next?.inbound || outcome.oneTimePassword === undefined) return outcome;
      const password = firstPasswords.get(applicationId);
      if (!inbound?.credential || password === undefined) {
        firstPasswords.set(applicationId, outcome.oneTimePassword);
        return outcome;
      }
      const { credential } = inbound;
      const next = { ...outcome.next, inbound: { ...outcome.next.inbound, credential } };
      return { next, oneTimePassword: password };
    }),
  },
]);
