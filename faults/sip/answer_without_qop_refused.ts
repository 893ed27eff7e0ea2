import { decidedOtherwise } from '../fault.ts';
import type { Fault } from '../fault.ts';

export default {
  id: 'answer-without-qop-refused',
  rule: 'sip.challenge.qop',
  sentence: 'Credentials without qop are challenged again, however right they are.',
  override: decidedOtherwise((decision) =>
    decision.action === 'deliver' && decision.reason === 'digest-right' && decision.nonceUse === undefined
      ? { action: 'challenge', stale: false, reason: 'credentials-unusable' }
      : decision,
  ),
} satisfies Fault;
