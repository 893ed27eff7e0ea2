import type { Fault } from '../fault.ts';
import { refusalsOfUnknown } from '../unknown_application.ts';

export default {
  id: 'unknown-application-404',
  rule: 'sip.unknown-application',
  sentence: 'A call to an application that does not exist is refused with 404.',
  override: refusalsOfUnknown((refusal, isUnknown) =>
    isUnknown ? { ...refusal, status: 404, reasonPhrase: 'Not Found', headers: [] } : refusal,
  ),
} satisfies Fault;
