import { faultsOf } from '../fault.ts';
import { firstValueKept } from '../stale_reading.ts';

export default faultsOf('sip.region.update', [
  {
    id: 'regions-cached',
    sentence: 'The regions that held for the first call to an application hold for all its later calls.',
    override: firstValueKept('allowedRegions'),
  },
]);
