import type { InboundSettings } from '../../impl/store/model/inbound_settings.ts';
import type { Parts } from '../../impl/system.ts';
import { faultsOf } from '../fault.ts';
import { foundOtherwise } from '../patches.ts';
import { firstValueKept } from '../stale_reading.ts';

export default faultsOf('sip.source-ips.update', [
  {
    id: 'sources-cached',
    sentence: 'The addresses that held for the first call to an application hold for all its later calls.',
    collateral: {
      'app.source-ips.replaced-whole': 'it asks for a call after the change',
    },
    override: firstValueKept('allowedSources'),
  },
  {
    id: 'settings-cached-by-password',
    sentence: 'What was read of an application holds for as long as its password is the same.',
    collateral: {
      'app.source-ips.replaced-whole': 'it asks for a call after the change',
      'sip.region.update': 'regions are among what was read',
    },
    override: keptByPassword(),
  },
]);

function keptByPassword(): Partial<Parts> {
  const read = new Map<string, InboundSettings>();
  return foundOtherwise((settings) => {
    if (!settings?.credential) return settings;
    const key = JSON.stringify(settings.credential);
    const known = read.get(key);
    if (known) return known;
    read.set(key, settings);
    return settings;
  });
}
