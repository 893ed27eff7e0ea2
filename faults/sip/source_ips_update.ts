import { faultsOf } from '../fault.ts';
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
]);
