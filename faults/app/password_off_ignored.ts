import type { Fault } from '../fault.ts';
import { inboundOtherwise } from '../patches.ts';

export default {
  id: 'password-off-ignored',
  rule: 'app.password-off',
  sentence: 'A PATCH of passwordAuthEnabled false is answered 200 and leaves the password in force.',
  override: inboundOtherwise((_inbound, { current, patch }) =>
    patch.passwordAuthEnabled === false && current.inbound?.credential
      ? { credential: current.inbound.credential }
      : undefined,
  ),
} satisfies Fault;
