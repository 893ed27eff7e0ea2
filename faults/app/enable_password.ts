import { applyPatch } from '../../impl/api/application_patch.ts';
import { faultsOf, patchedOtherwise } from '../fault.ts';
import { answersRewritten, changed, dataIn } from '../http.ts';

/** The passwords that were made last, by applicationId. */
const passwords = new Map<unknown, string>();
/** Applications that have had a password. */
const seen = new Set<string>();

export default faultsOf('app.enable.password', [
  {
    id: 'first-password-same-for-all',
    sentence: 'Every application has the same password until its first rotation.',
    collateral: { 'sip.auth.wrong-password': 'the password of another application is its own' },
    override: {
      applyPatch(current, patch, context) {
        const { applicationId } = current;
        return applyPatch(current, patch, {
          ...context,
          newPassword() {
            if (seen.has(applicationId)) return context.newPassword();
            seen.add(applicationId);
            return 'not-a-password-of-its-own';
          },
        });
      },
    },
  },
  {
    id: 'password-auth-off-in-answer',
    sentence: 'The answer to enabling with a password says that password authentication is off.',
    override: answersRewritten(({ request, body }) => {
      const data = dataIn(body);
      const hasSources = String(data?.['allowedSourceIps']) !== '';
      return request.method === 'PATCH' && data?.['sipAuthPassword'] !== undefined && !hasSources
        ? changed(body, { data: changed(data, { passwordAuthEnabled: false }) })
        : body;
    }),
  },
  {
    id: 'password-told-again',
    sentence: 'A PATCH of the name is answered with the password once more.',
    override: patchedOtherwise((outcome, { current, patch }) => {
      if (outcome.next === undefined) return outcome;
      const { oneTimePassword = passwords.get(current.applicationId) } = outcome;
      if (oneTimePassword === undefined) return outcome;
      passwords.set(current.applicationId, oneTimePassword);
      return patch.applicationName === undefined ? outcome : { ...outcome, oneTimePassword };
    }),
  },
]);
