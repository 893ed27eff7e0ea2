import type { Fault } from '../fault.ts';
import { firstValueShown } from '../stale_reading.ts';

export default {
  id: 'reading-shows-first-regions',
  rule: 'app.regions.only',
  sentence: 'As long as an application is enabled GET shows the regions it was enabled with.',
  override: firstValueShown('allowedRegions'),
} satisfies Fault;
