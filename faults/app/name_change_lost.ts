import { patchedOtherwise } from '../fault.ts';
import type { Fault } from '../fault.ts';

export default {
  id: 'name-change-lost',
  rule: 'app.get.settings',
  sentence: 'A PATCH of the name is answered 200 and changes nothing.',
  override: patchedOtherwise((outcome, { current }) =>
    outcome.next === undefined
      ? outcome
      : { ...outcome, next: { ...outcome.next, profile: current.profile } },
  ),
} satisfies Fault;
