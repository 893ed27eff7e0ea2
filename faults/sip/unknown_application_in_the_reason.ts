import type { Fault } from '../fault.ts';
import { refusalsOfUnknown } from '../unknown_application.ts';

export default {
  id: 'unknown-application-in-the-reason',
  rule: 'sip.unknown-application',
  sentence: 'The 401 for an application that does not exist says so in its reason phrase.',
  override: refusalsOfUnknown((refusal, isUnknown) =>
    isUnknown ? { ...refusal, reasonPhrase: 'Unknown Application' } : refusal,
  ),
} satisfies Fault;
