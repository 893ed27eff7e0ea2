import type { Fault } from '../fault.ts';
import { refusedToo } from '../patches.ts';

export default {
  id: 'limit-24',
  rule: 'app.cidr.limit',
  sentence: 'The list of source addresses takes 24 entries and no more.',
  override: refusedToo(({ patch }) =>
    (patch.allowedSourceIps?.length ?? 0) > 24
      ? { field: 'allowedSourceIps', reason: 'has more than 24 entries' }
      : undefined,
  ),
} satisfies Fault;
