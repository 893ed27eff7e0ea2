import { storeWith } from '../fault.ts';
import type { Fault } from '../fault.ts';

export default {
  id: 'first-region-only',
  rule: 'sip.region.allowed',
  sentence: 'Of several allowed regions only the first one counts.',
  override: storeWith(({ inbound }) => ({
    inbound: {
      find(user) {
        const settings = inbound.find(user);
        return settings && { ...settings, allowedRegions: settings.allowedRegions.slice(0, 1) };
      },
    },
  })),
} satisfies Fault;
