import { patchedOtherwise } from '../fault.ts';
import type { Fault } from '../fault.ts';

export default {
  id: 'enabled-without-auth-mode',
  rule: 'app.enable.needs-auth-mode',
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
} satisfies Fault;
