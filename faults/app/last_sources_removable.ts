import { patchedOtherwise } from '../fault.ts';
import type { Fault } from '../fault.ts';

export default {
  id: 'last-sources-removable',
  rule: 'app.last-mechanism',
  sentence: 'The source addresses can be taken away where there is no password.',
  override: patchedOtherwise((outcome, { current, patch }) =>
    outcome.next === undefined &&
    current.inbound?.credential === null &&
    patch.allowedSourceIps?.length === 0 &&
    Object.keys(patch).length === 1
      ? { next: { ...current, inbound: { ...current.inbound, allowedSources: [] } } }
      : outcome,
  ),
} satisfies Fault;
