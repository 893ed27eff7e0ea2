import type { Fault } from '../fault.ts';
import { inboundOtherwise } from '../patches.ts';

export default {
  id: 'rotation-resets-sources',
  rule: 'app.rotate.keeps-rest',
  sentence: 'A rotation takes the source addresses away.',
  override: inboundOtherwise((_inbound, { current, patch }) =>
    current.inbound?.credential && patch.passwordAuthEnabled && patch.allowedSourceIps === undefined
      ? { allowedSources: [] }
      : undefined,
  ),
} satisfies Fault;
