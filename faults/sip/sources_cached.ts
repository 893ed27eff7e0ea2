import { storeWith } from '../fault.ts';
import type { Fault } from '../fault.ts';
import type { Ipv4Prefix } from '../../impl/store/application.ts';

export default {
  id: 'sources-cached',
  rule: 'sip.source-ips.update',
  sentence: 'The addresses that held for the first call to an application hold for all its later calls.',
  collateral: {
    'app.source-ips.replaced-whole': 'it asks for a call after the change',
  },
  override: storeWith(({ inbound }) => {
    const known = new Map<string, readonly Ipv4Prefix[]>();
    return {
      inbound: {
        find(user) {
          const settings = inbound.find(user);
          if (settings?.inboundSipCallsEnabled !== true) return settings;
          const allowedSources = known.get(user) ?? settings.allowedSources;
          known.set(user, allowedSources);
          return { ...settings, allowedSources };
        },
      },
    };
  }),
} satisfies Fault;
