import { patchedOtherwise } from '../fault.ts';
import type { Fault } from '../fault.ts';

export default {
  id: 'last-mechanism-disables',
  rule: 'app.last-mechanism',
  sentence: 'Taking the last source addresses away disables the application instead of being refused.',
  override: patchedOtherwise((outcome, { current, patch }) =>
    outcome.next === undefined &&
    current.inbound?.credential === null &&
    patch.allowedSourceIps?.length === 0 &&
    Object.keys(patch).length === 1
      ? { next: { ...current, inbound: null } }
      : outcome,
  ),
} satisfies Fault;
