import type { Fault } from '../fault.ts';
import { patchReadAs } from '../patches.ts';

export default {
  id: 'password-made-unasked',
  rule: 'app.enable.needs-auth-mode',
  sentence: 'Enabling without a word about an auth mode makes a password.',
  override: patchReadAs(({ current, patch }) => {
    const { inboundSipCallsEnabled, passwordAuthEnabled, allowedSourceIps } = patch;
    const isSilent = passwordAuthEnabled === undefined && allowedSourceIps === undefined;
    const enables = current.inbound === null && inboundSipCallsEnabled === true;
    return enables && isSilent ? { ...patch, passwordAuthEnabled: true } : patch;
  }),
} satisfies Fault;
