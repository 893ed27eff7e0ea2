import { storeWith } from '../fault.ts';
import type { Fault } from '../fault.ts';

export default {
  id: 'last-region-only',
  rule: 'sip.region.allowed',
  sentence: 'Of several allowed regions only the last one counts.',
  override: storeWith(({ inbound }) => ({
    inbound: {
      find(user) {
        const settings = inbound.find(user);
        return settings && { ...settings, allowedRegions: settings.allowedRegions.slice(-1) };
      },
    },
  })),
} satisfies Fault;
