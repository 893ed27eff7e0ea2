import { patchedOtherwise } from '../fault.ts';
import type { Fault } from '../fault.ts';

export default {
  id: 'password-off-without-sources',
  rule: 'app.password-off',
  sentence: 'Password authentication can be turned off where there is no source address.',
  collateral: { 'app.last-mechanism': 'the password was the last auth mode' },
  override: patchedOtherwise((outcome, { current, patch }) =>
    outcome.next === undefined &&
    current.inbound?.allowedSources.length === 0 &&
    patch.passwordAuthEnabled === false &&
    Object.keys(patch).length === 1
      ? { next: { ...current, inbound: { ...current.inbound, credential: null } } }
      : outcome,
  ),
} satisfies Fault;
