import type { Fault } from '../fault.ts';
import { refusalsOfUnknown } from '../unknown_application.ts';

export default {
  id: 'unknown-application-without-to-tag',
  rule: 'sip.unknown-application',
  sentence: 'The 401 for an application that does not exist has no tag in To, that for one that is off has.',
  override: refusalsOfUnknown(({ toTag, ...refusal }, isUnknown) =>
    isUnknown || toTag === undefined ? refusal : { ...refusal, toTag },
  ),
} satisfies Fault;
