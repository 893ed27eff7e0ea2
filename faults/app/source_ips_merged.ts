import { patchedOtherwise } from '../fault.ts';
import type { Fault } from '../fault.ts';

export default {
  id: 'source-ips-merged',
  rule: 'app.source-ips.replaced-whole',
  sentence: 'A PATCH of allowedSourceIps adds to the list that is there instead of replacing it.',
  override: patchedOtherwise((outcome, { current, patch }) => {
    if (patch.allowedSourceIps === undefined || !outcome.next?.inbound || !current.inbound) return outcome;
    const allowedSources = [...current.inbound.allowedSources, ...outcome.next.inbound.allowedSources];
    return { ...outcome, next: { ...outcome.next, inbound: { ...outcome.next.inbound, allowedSources } } };
  }),
} satisfies Fault;
