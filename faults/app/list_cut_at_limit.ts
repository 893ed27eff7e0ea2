import type { Fault } from '../fault.ts';
import { patchReadAs } from '../patches.ts';

export default {
  id: 'list-cut-at-limit',
  rule: 'app.cidr.limit',
  sentence: 'Of a list of more than 25 source addresses the first 25 are taken.',
  override: patchReadAs(({ patch }) =>
    patch.allowedSourceIps === undefined
      ? patch
      : { ...patch, allowedSourceIps: patch.allowedSourceIps.slice(0, 25) },
  ),
} satisfies Fault;
