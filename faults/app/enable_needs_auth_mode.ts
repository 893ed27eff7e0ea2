import { faultsOf, patchedOtherwise } from '../fault.ts';
import { patchReadAs, storedThoughRefused } from '../patches.ts';

export default faultsOf('app.enable.needs-auth-mode', [
  {
    id: 'enabled-without-auth-mode',
    sentence: 'An application is enabled with neither a password nor a source address.',
    override: patchedOtherwise((outcome, { current, patch, context }) => {
      const asksForNone = patch.passwordAuthEnabled !== true && (patch.allowedSourceIps ?? []).length === 0;
      if (
        outcome.next !== undefined ||
        current.inbound !== null ||
        !patch.inboundSipCallsEnabled ||
        !asksForNone
      )
        return outcome;
      const allowedRegions = patch.allowedRegions ?? [];
      const inbound = { uriUser: context.newUuid(), credential: null, allowedSources: [], allowedRegions };
      return { next: { ...current, inbound } };
    }),
  },
  {
    id: 'password-made-unasked',
    sentence: 'Enabling without a word about an auth mode makes a password.',
    override: patchReadAs(({ current, patch }) => {
      const { inboundSipCallsEnabled, passwordAuthEnabled, allowedSourceIps } = patch;
      const isSilent = passwordAuthEnabled === undefined && allowedSourceIps === undefined;
      const enables = current.inbound === null && inboundSipCallsEnabled === true;
      return enables && isSilent ? { ...patch, passwordAuthEnabled: true } : patch;
    }),
  },
  {
    id: 'refused-enabling-enables',
    sentence: 'Enabling without an auth mode is refused, but the application is enabled.',
    override: storedThoughRefused(({ current, patch, context }) => {
      const asksForNone = patch.passwordAuthEnabled !== true && (patch.allowedSourceIps ?? []).length === 0;
      const hasOthers = (patch.allowedRegions ?? []).some((region) => !context.regions.includes(region));
      if (current.inbound !== null || !patch.inboundSipCallsEnabled || !asksForNone || hasOthers)
        return undefined;
      const inbound = {
        uriUser: context.newUuid(),
        credential: null,
        allowedSources: [],
        allowedRegions: [],
      };
      return { ...current, inbound };
    }),
  },
]);
