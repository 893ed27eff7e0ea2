import { faultsOf } from '../fault.ts';
import { patchReadAs } from '../patches.ts';

export default faultsOf('app.disabled-settings', [
  {
    id: 'disabling-ignores-rest',
    sentence: 'A PATCH that disables the application may set its regions too: they are ignored.',
    override: patchReadAs(({ patch }) =>
      patch.inboundSipCallsEnabled === false ? { inboundSipCallsEnabled: false } : patch,
    ),
  },
  {
    id: 'password-enables',
    sentence: 'A PATCH that turns password authentication on enables a disabled application.',
    override: patchReadAs(({ current, patch }) =>
      current.inbound === null &&
      patch.passwordAuthEnabled === true &&
      patch.inboundSipCallsEnabled === undefined
        ? { ...patch, inboundSipCallsEnabled: true }
        : patch,
    ),
  },
]);
