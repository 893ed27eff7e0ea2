import { decidedOtherwise } from '../fault.ts';
import type { Fault } from '../fault.ts';

export default {
  id: 'disabled-challenged',
  rule: 'sip.disabled',
  sentence: 'A call to an application with inbound SIP off is challenged, for a password that nobody has.',
  collateral: {
    'app.disable.kills-credential': 'a disabled application is off',
    'app.enable.needs-auth-mode': 'it stays off',
    'sip.unknown-application': 'one that does not exist is refused at once, and so told from one that is off',
    'sip.refusal.www-authenticate': 'one of its refusals is by an application that is off',
  },
  override: decidedOtherwise((decision, { request }, { directory }) =>
    decision.reason === 'no-such-application-or-disabled' &&
    directory.find(request.uri.user ?? '') !== undefined
      ? { action: 'challenge', stale: false, reason: 'no-such-application-or-disabled' }
      : decision,
  ),
} satisfies Fault;
