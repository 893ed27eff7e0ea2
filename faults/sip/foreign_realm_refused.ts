import { decidedOtherwise } from '../fault.ts';
import type { Fault } from '../fault.ts';

export default {
  id: 'foreign-realm-refused',
  rule: 'sip.auth.foreign-realm',
  sentence: 'Credentials for another realm are taken for wrong ones and refused with 401.',
  override: decidedOtherwise((decision, { request }) =>
    decision.reason === 'no-credentials' && request.proxyAuthorizations.length > 0
      ? { action: 'refuse', status: 401, reason: 'digest-wrong' }
      : decision,
  ),
} satisfies Fault;
