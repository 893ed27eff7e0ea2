import { decidedOtherwise } from '../fault.ts';
import type { Fault } from '../fault.ts';

export default {
  id: 'last-credentials-only',
  rule: 'sip.auth.foreign-realm',
  sentence: 'Only the last Proxy-Authorization of a request is looked at.',
  override: decidedOtherwise((decision, { request }, { realm }) =>
    decision.reason === 'digest-right' && request.proxyAuthorizations.at(-1)?.credentials?.realm !== realm
      ? { action: 'challenge', stale: false, reason: 'no-credentials' }
      : decision,
  ),
} satisfies Fault;
