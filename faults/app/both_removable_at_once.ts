import { patchedOtherwise } from '../fault.ts';
import type { Fault } from '../fault.ts';

export default {
  id: 'both-removable-at-once',
  rule: 'app.last-mechanism',
  sentence: 'Password and source addresses can be taken away together, where each alone could be.',
  override: patchedOtherwise((outcome, { current, patch }) =>
    outcome.next === undefined &&
    current.inbound?.credential &&
    current.inbound.allowedSources.length > 0 &&
    patch.passwordAuthEnabled === false &&
    patch.allowedSourceIps?.length === 0
      ? { next: { ...current, inbound: { ...current.inbound, credential: null, allowedSources: [] } } }
      : outcome,
  ),
} satisfies Fault;
