import type { Fault } from '../fault.ts';
import { patchReadAs } from '../patches.ts';

export default {
  id: 'blanks-trimmed',
  rule: 'app.cidr.malformed',
  sentence: 'Blanks around a source address are cut off.',
  override: patchReadAs(({ patch }) =>
    patch.allowedSourceIps === undefined
      ? patch
      : { ...patch, allowedSourceIps: patch.allowedSourceIps.map((text) => text.trim()) },
  ),
} satisfies Fault;
