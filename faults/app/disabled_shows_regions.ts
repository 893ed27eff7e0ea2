import type { Fault } from '../fault.ts';
import { lastValueShown } from '../stale_reading.ts';

export default {
  id: 'disabled-shows-regions',
  rule: 'app.disable.clears',
  sentence: 'A disabled application still shows the regions it had.',
  override: lastValueShown('allowedRegions'),
} satisfies Fault;
