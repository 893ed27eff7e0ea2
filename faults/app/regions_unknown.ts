import { applyPatch } from '../../impl/api/application_patch.ts';
import { faultsOf } from '../fault.ts';
import { patchReadAs } from '../patches.ts';

export default faultsOf('app.regions.unknown', [
  {
    id: 'empty-regions-ignored',
    sentence: 'An empty list of regions leaves the regions as they are.',
    collateral: { 'app.regions.only': 'it takes the last restriction away' },
    override: patchReadAs(({ current, patch }) => {
      if (patch.allowedRegions?.length !== 0 || !current.inbound) return patch;
      return { ...patch, allowedRegions: current.inbound.allowedRegions };
    }),
  },
  {
    id: 'region-case-ignored',
    sentence: 'A region is known in whatever case it is written.',
    override: patchReadAs(({ patch }) =>
      patch.allowedRegions === undefined
        ? patch
        : { ...patch, allowedRegions: patch.allowedRegions.map((name) => (name === 'us' ? 'US' : name)) },
    ),
  },
  {
    id: 'region-twice-accepted',
    sentence: 'A region that is listed twice counts once.',
    override: patchReadAs(({ patch }) =>
      patch.allowedRegions === undefined
        ? patch
        : { ...patch, allowedRegions: [...new Set(patch.allowedRegions)] },
    ),
  },
  {
    id: 'unknown-region-accepted',
    sentence: 'A PATCH of allowedRegions alone accepts any string as a region.',
    override: {
      applyPatch(current, patch, context) {
        const { allowedRegions } = patch;
        const alone = allowedRegions !== undefined && Object.keys(patch).length === 1;
        const regions = alone ? [...context.regions, ...allowedRegions] : context.regions;
        return applyPatch(current, patch, { ...context, regions });
      },
    },
  },
]);
