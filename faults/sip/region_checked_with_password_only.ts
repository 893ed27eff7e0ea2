import { decide } from '../../impl/edge/policy.ts';
import { decidedOtherwise } from '../fault.ts';
import type { Fault } from '../fault.ts';

export default {
  id: 'region-checked-with-password-only',
  rule: 'sip.region.refused',
  sentence: 'A call from a listed address is let in from any region.',
  override: decidedOtherwise((decision, arrival, view, now) => {
    const settings = view.directory.find(arrival.request.uri.user ?? '');
    if (decision.reason !== 'region-not-allowed' || settings?.credential !== null) return decision;
    return decide(arrival, { ...view, regionOf: () => settings.allowedRegions[0] }, now);
  }),
} satisfies Fault;
