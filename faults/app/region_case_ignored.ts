import type { Fault } from '../fault.ts';
import { patchReadAs } from '../patches.ts';

export default {
  id: 'region-case-ignored',
  rule: 'app.regions.unknown',
  sentence: 'A region is known in whatever case it is written.',
  override: patchReadAs(({ patch }) =>
    patch.allowedRegions === undefined
      ? patch
      : { ...patch, allowedRegions: patch.allowedRegions.map((name) => (name === 'us' ? 'US' : name)) },
  ),
} satisfies Fault;
