import { patchedOtherwise } from '../fault.ts';
import type { Fault } from '../fault.ts';

export default {
  id: 'password-shown-with-sources-alone',
  rule: 'app.enable.ip-only',
  sentence: 'Enabling with source addresses alone is answered with a password, which is good for nothing.',
  collateral: { 'app.reenable.fresh': 'enabling once more, with source addresses this time, is such a one' },
  override: patchedOtherwise((outcome, { current, context }) =>
    current.inbound === null && outcome.next?.inbound?.credential === null
      ? { ...outcome, oneTimePassword: context.newPassword() }
      : outcome,
  ),
} satisfies Fault;
