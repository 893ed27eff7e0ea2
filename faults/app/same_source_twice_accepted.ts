import type { Fault } from '../fault.ts';
import { patchReadAs } from '../patches.ts';

export default {
  id: 'same-source-twice-accepted',
  rule: 'app.cidr.malformed',
  sentence: 'A source address that is listed twice counts once.',
  override: patchReadAs(({ patch }) =>
    patch.allowedSourceIps === undefined
      ? patch
      : { ...patch, allowedSourceIps: [...new Set(patch.allowedSourceIps)] },
  ),
} satisfies Fault;
