import type { Arrival } from '../../impl/edge/decision.ts';
import { decide } from '../../impl/edge/policy.ts';
import type { InboundSettings } from '../../impl/store/model/inbound_settings.ts';
import type { Parts } from '../../impl/system.ts';
import { decidedOtherwise, faultsOf } from '../fault.ts';
import { foundOtherwise } from '../patches.ts';
import { firstValueKept } from '../stale_reading.ts';

/** The edge that looks an application up once for each caller over TCP. */
function keptByConnection(): Partial<Parts> {
  const kept = new Map<string, Arrival['records']>();
  return decidedOtherwise((decision, arrival, view, now) => {
    const [, caller] = /^SIP\/2\.0\/TCP ([^;]*)/.exec(arrival.request.value('via') ?? '') ?? [];
    if (caller === undefined || arrival.inDialog) return decision;
    const key = `${caller} ${arrival.request.uri.user ?? ''}`;
    const records = kept.get(key) ?? arrival.records;
    kept.set(key, records);
    return decide({ ...arrival, records }, view, now);
  });
}

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
    id: 'settings-cached-by-connection',
    sentence:
      'What was read of an application for a call over a TCP connection holds for later calls over it.',
    override: keptByConnection(),
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
