import type { Fault } from '../fault.ts';
import { patchReadAs } from '../patches.ts';

export default {
  id: 'disabling-ignores-rest',
  rule: 'app.patch.atomic',
  sentence: 'A PATCH that disables the application may set its regions too: they are ignored.',
  override: patchReadAs(({ patch }) =>
    patch.inboundSipCallsEnabled === false ? { inboundSipCallsEnabled: false } : patch,
  ),
} satisfies Fault;
