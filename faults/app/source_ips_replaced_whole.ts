import { faultsOf, patchedOtherwise } from '../fault.ts';
import { inboundOtherwise } from '../patches.ts';
import { firstValueShown } from '../stale_reading.ts';

export default faultsOf('app.source-ips.replaced-whole', [
  {
    id: 'reading-shows-first-sources',
    sentence: 'While an application is enabled, GET shows the source addresses it was enabled with.',
    override: firstValueShown('allowedSourceIps'),
  },
  {
    id: 'source-ips-merged',
    sentence: 'A PATCH of allowedSourceIps adds to the list that is there instead of replacing it.',
    override: patchedOtherwise((outcome, { current, patch }) => {
      if (patch.allowedSourceIps === undefined || !outcome.next?.inbound || !current.inbound) return outcome;
      const allowedSources = [...current.inbound.allowedSources, ...outcome.next.inbound.allowedSources];
      return { ...outcome, next: { ...outcome.next, inbound: { ...outcome.next.inbound, allowedSources } } };
    }),
  },
  {
    id: 'sources-patch-drops-password',
    sentence: 'A PATCH of allowedSourceIps alone turns password authentication off.',
    override: inboundOtherwise((inbound, { patch }) =>
      patch.allowedSourceIps !== undefined &&
      Object.keys(patch).length === 1 &&
      inbound.allowedSources.length > 0
        ? { credential: null }
        : undefined,
    ),
  },
  {
    id: 'sources-patch-resets-regions',
    sentence: 'A PATCH of allowedSourceIps alone takes the restriction to regions away.',
    override: inboundOtherwise((_inbound, { patch }) =>
      patch.allowedSourceIps !== undefined && Object.keys(patch).length === 1
        ? { allowedRegions: [] }
        : undefined,
    ),
  },
]);
