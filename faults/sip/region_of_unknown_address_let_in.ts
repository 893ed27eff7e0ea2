import { decide } from '../../impl/edge/policy.ts';
import { decidedOtherwise } from '../fault.ts';
import type { Fault } from '../fault.ts';

export default {
  id: 'region-of-unknown-address-let-in',
  rule: 'sip.region.refused',
  sentence: 'A caller whose address is of no known region is let in by every application.',
  override: decidedOtherwise((decision, arrival, view, now) => {
    if (decision.reason !== 'region-not-allowed' || view.regionOf(arrival.source) !== undefined)
      return decision;
    const allowed = view.directory.find(arrival.request.uri.user ?? '')?.allowedRegions[0];
    return decide(arrival, { ...view, regionOf: () => allowed }, now);
  }),
} satisfies Fault;
