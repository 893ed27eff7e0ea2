import { patchedOtherwise } from '../fault.ts';
import type { Fault } from '../fault.ts';

const passwords = new Map<string, string>();

export default {
  id: 'rotation-gives-same-password',
  rule: 'app.rotate.new-password',
  sentence: 'A rotation gives the password that is there already.',
  collateral: { 'app.rotate.old-dies-at-once': 'the old password is the new one' },
  override: patchedOtherwise((outcome, { current: { applicationId, inbound } }) => {
    if (!outcome.next?.inbound || outcome.oneTimePassword === undefined) return outcome;
    const password = passwords.get(applicationId);
    if (!inbound?.credential || password === undefined) {
      passwords.set(applicationId, outcome.oneTimePassword);
      return outcome;
    }
    const { credential } = inbound;
    const next = { ...outcome.next, inbound: { ...outcome.next.inbound, credential } };
    return { next, oneTimePassword: password };
  }),
} satisfies Fault;
