import type { Fault } from '../fault.ts';
import { inboundOtherwise } from '../patches.ts';

export default {
  id: 'sources-patch-drops-password',
  rule: 'app.source-ips.replaced-whole',
  sentence: 'A PATCH of allowedSourceIps alone turns password authentication off.',
  override: inboundOtherwise((inbound, { patch }) =>
    patch.allowedSourceIps !== undefined &&
    Object.keys(patch).length === 1 &&
    inbound.allowedSources.length > 0
      ? { credential: null }
      : undefined,
  ),
} satisfies Fault;
