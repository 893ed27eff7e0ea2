import { faultsOf, patchedOtherwise } from '../fault.ts';
import { refusedToo } from '../patches.ts';

export default faultsOf('app.last-mechanism', [
  {
    id: 'both-removable-at-once',
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
  },
  {
    id: 'last-mechanism-disables',
    sentence: 'Taking the last source addresses away disables the application instead of being refused.',
    override: patchedOtherwise((outcome, { current, patch }) =>
      outcome.next === undefined &&
      current.inbound?.credential === null &&
      patch.allowedSourceIps?.length === 0 &&
      Object.keys(patch).length === 1
        ? { next: { ...current, inbound: null } }
        : outcome,
    ),
  },
  {
    id: 'last-sources-removable',
    sentence: 'The source addresses can be taken away where there is no password.',
    override: patchedOtherwise((outcome, { current, patch }) =>
      outcome.next === undefined &&
      current.inbound?.credential === null &&
      patch.allowedSourceIps?.length === 0 &&
      Object.keys(patch).length === 1
        ? { next: { ...current, inbound: { ...current.inbound, allowedSources: [] } } }
        : outcome,
    ),
  },
  {
    id: 'swap-of-modes-refused',
    sentence: 'A PATCH that replaces the source addresses with a password is refused.',
    override: refusedToo(({ current, patch }) =>
      current.inbound?.credential === null && patch.allowedSourceIps?.length === 0
        ? { field: 'allowedSourceIps', reason: 'would leave the application without an auth mode' }
        : undefined,
    ),
  },
]);
