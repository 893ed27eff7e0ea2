import type { Fault } from '../fault.ts';
import { firstValueShown } from '../stale_reading.ts';

export default {
  id: 'reading-shows-first-sources',
  rule: 'app.source-ips.replaced-whole',
  sentence: 'As long as an application is enabled GET shows the source addresses it was enabled with.',
  override: firstValueShown('allowedSourceIps'),
} satisfies Fault;
