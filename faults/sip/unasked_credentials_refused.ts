import { decidedOtherwise } from '../fault.ts';
import type { Fault } from '../fault.ts';

export default {
  id: 'unasked-credentials-refused',
  rule: 'sip.ip.no-challenge',
  sentence: 'A call from a listed address is refused if it carries credentials that nobody asked for.',
  override: decidedOtherwise((decision, { request }) =>
    decision.reason === 'source-trusted' && request.proxyAuthorizations.length > 0
      ? { action: 'refuse', status: 401, reason: 'digest-wrong' }
      : decision,
  ),
} satisfies Fault;
