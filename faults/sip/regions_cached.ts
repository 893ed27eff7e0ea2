import { storeWith } from '../fault.ts';
import type { Fault } from '../fault.ts';

export default {
  id: 'regions-cached',
  rule: 'sip.region.update',
  sentence: 'The regions that held for the first call to an application hold for all its later calls.',
  override: storeWith(({ inbound }) => {
    const known = new Map<string, readonly string[]>();
    return {
      inbound: {
        find(user) {
          const settings = inbound.find(user);
          if (settings?.inboundSipCallsEnabled !== true) return settings;
          const allowedRegions = known.get(user) ?? settings.allowedRegions;
          known.set(user, allowedRegions);
          return { ...settings, allowedRegions };
        },
      },
    };
  }),
} satisfies Fault;
