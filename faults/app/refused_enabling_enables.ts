import type { Fault } from '../fault.ts';
import { storedThoughRefused } from '../patches.ts';

export default {
  id: 'refused-enabling-enables',
  rule: 'app.enable.needs-auth-mode',
  sentence: 'Enabling without an auth mode is refused, and the application is enabled all the same.',
  override: storedThoughRefused(({ current, patch, context }) => {
    const asksForNone = patch.passwordAuthEnabled !== true && (patch.allowedSourceIps ?? []).length === 0;
    const hasOthers = (patch.allowedRegions ?? []).some((region) => !context.regions.includes(region));
    if (current.inbound !== null || !patch.inboundSipCallsEnabled || !asksForNone || hasOthers)
      return undefined;
    const inbound = { uriUser: context.newUuid(), credential: null, allowedSources: [], allowedRegions: [] };
    return { ...current, inbound };
  }),
} satisfies Fault;
