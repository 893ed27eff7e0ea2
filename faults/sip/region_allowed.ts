import { faultsOf } from '../fault.ts';
import { foundOtherwise } from '../patches.ts';

export default faultsOf('sip.region.allowed', [
  {
    id: 'first-region-only',
    sentence: 'Of several allowed regions only the first one counts.',
    override: foundOtherwise(
      (settings) => settings && { ...settings, allowedRegions: settings.allowedRegions.slice(0, 1) },
    ),
  },
  {
    id: 'last-region-only',
    sentence: 'Of several allowed regions only the last one counts.',
    override: foundOtherwise(
      (settings) => settings && { ...settings, allowedRegions: settings.allowedRegions.slice(-1) },
    ),
  },
]);
