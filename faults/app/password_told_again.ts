import { patchedOtherwise } from '../fault.ts';
import type { Fault } from '../fault.ts';

const passwords = new Map<string, string>();

export default {
  id: 'password-told-again',
  rule: 'app.get.no-password',
  sentence: 'A PATCH of the name is answered with the password once more.',
  override: patchedOtherwise((outcome, { current, patch }) => {
    if (outcome.next === undefined) return outcome;
    const { oneTimePassword = passwords.get(current.applicationId) } = outcome;
    if (oneTimePassword === undefined) return outcome;
    passwords.set(current.applicationId, oneTimePassword);
    return patch.applicationName === undefined ? outcome : { ...outcome, oneTimePassword };
  }),
} satisfies Fault;
