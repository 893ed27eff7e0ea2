import type { Fault } from '../fault.ts';
import { patchReadAs } from '../patches.ts';

export default {
  id: 'regions-patch-rotates',
  rule: 'app.regions.only',
  sentence: 'A PATCH of allowedRegions alone makes a new password.',
  collateral: { 'app.get.no-password': 'the answer to such a PATCH shows it' },
  override: patchReadAs(({ current, patch }) =>
    current.inbound?.credential && patch.allowedRegions !== undefined && Object.keys(patch).length === 1
      ? { ...patch, passwordAuthEnabled: true }
      : patch,
  ),
} satisfies Fault;
