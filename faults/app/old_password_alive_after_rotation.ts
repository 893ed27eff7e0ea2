import type { InboundSettings } from '../../impl/store/model/inbound_settings.ts';
import { storeWith } from '../fault.ts';
import type { Fault } from '../fault.ts';

const LAG_MS = 1000;

export default {
  id: 'old-password-alive-after-rotation',
  rule: 'app.rotate.old-dies-at-once',
  sentence: 'The edge hears of a change of an application up to a second after the API has answered it.',
  collateral: {
    'app.password-off': 'turning the password off is a change like any other',
    'app.source-ips.replaced-whole': 'the addresses are a change like any other',
    'app.disable.kills-credential': 'disabling is a change like any other',
    'app.reenable.fresh': 'enabling is a change like any other',
    'sip.region.update': 'the regions are a change like any other',
    'sip.source-ips.update': 'the addresses are a change like any other',
  },
  override: storeWith(({ inbound }) => {
    const known = new Map<string, { readonly settings: InboundSettings | undefined; readonly at: number }>();
    return {
      inbound: {
        find(user) {
          const cached = known.get(user);
          if (cached !== undefined && Date.now() - cached.at < LAG_MS) return cached.settings;
          const settings = inbound.find(user);
          known.set(user, { settings, at: Date.now() });
          return settings;
        },
      },
    };
  }),
} satisfies Fault;
