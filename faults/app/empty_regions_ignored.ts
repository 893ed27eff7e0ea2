import type { Fault } from '../fault.ts';
import { patchReadAs } from '../patches.ts';

export default {
  id: 'empty-regions-ignored',
  rule: 'app.regions.unknown',
  sentence: 'An empty list of regions leaves the regions as they are.',
  collateral: { 'app.regions.only': 'it takes the last restriction away' },
  override: patchReadAs(({ current, patch }) => {
    if (patch.allowedRegions?.length !== 0 || !current.inbound) return patch;
    return { ...patch, allowedRegions: current.inbound.allowedRegions };
  }),
} satisfies Fault;
