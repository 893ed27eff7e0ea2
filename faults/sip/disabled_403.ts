import { decidedOtherwise } from '../fault.ts';
import type { Fault } from '../fault.ts';

export default {
  id: 'disabled-403',
  rule: 'sip.disabled',
  sentence: 'A call to an application with inbound SIP off is refused with 403 instead of 401.',
  collateral: {
    'app.disable.kills-credential': 'a disabled application is off',
    'app.reenable.fresh': 'a former SIP URI is one of no application',
    'app.enable.needs-auth-mode': 'it stays off',
    'sip.unknown-application': 'it compares two such refusals, and they are to be 401',
    'sip.refusal.www-authenticate': 'one of its refusals is by an application that is off',
  },
  override: decidedOtherwise((decision) =>
    decision.reason === 'no-such-application-or-disabled'
      ? { action: 'refuse', status: 403, reason: 'no-such-application-or-disabled' }
      : decision,
  ),
} satisfies Fault;
