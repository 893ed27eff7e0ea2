import { decidedOtherwise } from '../fault.ts';
import type { Fault } from '../fault.ts';

export default {
  id: 'first-credentials-only',
  rule: 'sip.auth.foreign-realm',
  sentence: 'Only the first Proxy-Authorization of a request is looked at.',
  override: decidedOtherwise((decision, { request }, { realm }) =>
    decision.reason === 'digest-right' && request.proxyAuthorizations[0]?.credentials?.realm !== realm
      ? { action: 'challenge', stale: false, reason: 'no-credentials' }
      : decision,
  ),
} satisfies Fault;
