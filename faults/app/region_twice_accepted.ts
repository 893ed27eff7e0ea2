import type { Fault } from '../fault.ts';
import { patchReadAs } from '../patches.ts';

export default {
  id: 'region-twice-accepted',
  rule: 'app.regions.unknown',
  sentence: 'A region that is listed twice counts once.',
  override: patchReadAs(({ patch }) =>
    patch.allowedRegions === undefined
      ? patch
      : { ...patch, allowedRegions: [...new Set(patch.allowedRegions)] },
  ),
} satisfies Fault;
