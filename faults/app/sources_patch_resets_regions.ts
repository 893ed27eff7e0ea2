import type { Fault } from '../fault.ts';
import { inboundOtherwise } from '../patches.ts';

export default {
  id: 'sources-patch-resets-regions',
  rule: 'app.source-ips.replaced-whole',
  sentence: 'A PATCH of allowedSourceIps alone takes the restriction to regions away.',
  override: inboundOtherwise((_inbound, { patch }) =>
    patch.allowedSourceIps !== undefined && Object.keys(patch).length === 1
      ? { allowedRegions: [] }
      : undefined,
  ),
} satisfies Fault;
