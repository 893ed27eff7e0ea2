import type { Fault } from '../fault.ts';
import { patchReadAs } from '../patches.ts';

export default {
  id: 'password-enables',
  rule: 'app.patch.atomic',
  sentence: 'A PATCH that turns password authentication on enables a disabled application.',
  override: patchReadAs(({ current, patch }) =>
    current.inbound === null &&
    patch.passwordAuthEnabled === true &&
    patch.inboundSipCallsEnabled === undefined
      ? { ...patch, inboundSipCallsEnabled: true }
      : patch,
  ),
} satisfies Fault;
