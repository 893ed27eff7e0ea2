import type { Fault } from '../fault.ts';
import { inboundOtherwise } from '../patches.ts';

export default {
  id: 'rotation-resets-regions',
  rule: 'app.rotate.keeps-rest',
  sentence: 'A rotation takes the restriction to regions away.',
  override: inboundOtherwise((_inbound, { current, patch }) =>
    current.inbound?.credential && patch.passwordAuthEnabled && patch.allowedRegions === undefined
      ? { allowedRegions: [] }
      : undefined,
  ),
} satisfies Fault;
