import type { Fault } from '../fault.ts';
import { firstValueKept } from '../stale_reading.ts';

export default {
  id: 'regions-cached',
  rule: 'sip.region.update',
  sentence: 'The regions that held for the first call to an application hold for all its later calls.',
  override: firstValueKept('allowedRegions'),
} satisfies Fault;
