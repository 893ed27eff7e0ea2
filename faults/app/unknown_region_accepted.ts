import { applyPatch } from '../../impl/api/application_patch.ts';
import type { Fault } from '../fault.ts';

export default {
  id: 'unknown-region-accepted',
  rule: 'app.regions.unknown',
  sentence: 'A PATCH of allowedRegions alone takes every string for a region.',
  override: {
    applyPatch(current, patch, context) {
      const { allowedRegions } = patch;
      const alone = allowedRegions !== undefined && Object.keys(patch).length === 1;
      const regions = alone ? [...context.regions, ...allowedRegions] : context.regions;
      return applyPatch(current, patch, { ...context, regions });
    },
  },
} satisfies Fault;
