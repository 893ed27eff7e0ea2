import { decidedIn, decidedOtherwise, faultsOf } from '../fault.ts';

export default faultsOf('sip.region.refused', [
  {
    id: 'region-checked-with-password-only',
    sentence: 'A call from a listed address is let in from any region.',
    override: decidedOtherwise((decision, arrival, view, now) => {
      const settings = view.directory.find(arrival.request.uri.user ?? '');
      if (decision.reason !== 'region-not-allowed' || settings?.credential !== null) return decision;
      return decidedIn({ ...view, regionOf: () => settings.allowedRegions[0] }, arrival, now);
    }),
  },
  {
    id: 'region-checked-without-password-only',
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
      return decidedIn({ ...view, regionOf: () => settings.allowedRegions[0] }, arrival, now);
    }),
  },
  {
    id: 'region-of-unknown-address-let-in',
    sentence: 'A caller whose address is of no known region is let in by every application.',
    override: decidedOtherwise((decision, arrival, view, now) => {
      if (decision.reason !== 'region-not-allowed' || view.regionOf(arrival.source) !== undefined)
        return decision;
      const allowed = view.directory.find(arrival.request.uri.user ?? '')?.allowedRegions[0];
      return decidedIn({ ...view, regionOf: () => allowed }, arrival, now);
    }),
  },
  {
    id: 'region-refused-403',
    sentence: 'A call from a region that is not allowed is refused with 403 instead of 401.',
    collateral: {
      'app.regions.unknown': 'it asks for a refusal by region',
      'app.rotate.keeps-rest': 'it asks for a refusal by region',
      'sip.region.update': 'it asks for a refusal by region',
    },
    override: decidedOtherwise((decision) =>
      decision.reason === 'region-not-allowed'
        ? { action: 'refuse', status: 403, reason: 'region-not-allowed' }
        : decision,
    ),
  },
]);
