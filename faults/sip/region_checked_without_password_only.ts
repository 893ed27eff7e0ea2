import { decide } from '../../impl/edge/policy.ts';
import { decidedOtherwise } from '../fault.ts';
import type { Fault } from '../fault.ts';

export default {
  id: 'region-checked-without-password-only',
  rule: 'sip.region.refused',
  sentence: 'The right password lets a caller in from any region.',
  collateral: {
    'app.regions.unknown': 'it asks for a refusal by region',
    'app.rotate.keeps-rest': 'it asks for a refusal by region',
    'sip.region.update': 'it asks for a refusal of the right password by region',
  },
  override: decidedOtherwise((decision, arrival, view, now) => {
    const settings = view.directory.find(arrival.request.uri.user ?? '');
    if (decision.reason !== 'region-not-allowed' || settings === undefined || settings.credential === null)
      return decision;
    return decide(arrival, { ...view, regionOf: () => settings.allowedRegions[0] }, now);
  }),
} satisfies Fault;
