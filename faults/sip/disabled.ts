import { decidedOtherwise, faultsOf } from '../fault.ts';

export default faultsOf('sip.disabled', [
  {
    id: 'disabled-403',
    sentence: 'A call to an application with inbound SIP off is refused with 403 instead of 401.',
    collateral: {
      'app.disable.kills-credential': 'a disabled application is off',
      'app.reenable.fresh': 'a former SIP URI is one of no application',
      'app.enable.needs-auth-mode': 'it stays off',
      'sip.unknown-application': 'it compares two such refusals, which must be 401',
      'sip.refusal.www-authenticate': 'one of its refusals is by an application that is off',
    },
    override: decidedOtherwise((decision) =>
      decision.reason === 'no-such-application-or-disabled'
        ? { action: 'refuse', status: 403, reason: 'no-such-application-or-disabled' }
        : decision,
    ),
  },
  {
    id: 'disabled-challenged',
    sentence: 'A call to an application with inbound SIP off is challenged, for a password that nobody has.',
    collateral: {
      'app.disable.kills-credential': 'a disabled application is off',
      'app.enable.needs-auth-mode': 'it stays off',
      'sip.unknown-application':
        'one that does not exist is refused at once, which tells it from one that is off',
      'sip.refusal.www-authenticate': 'one of its refusals is by an application that is off',
    },
    override: decidedOtherwise((decision, { request }, { directory }) =>
      decision.reason === 'no-such-application-or-disabled' &&
      directory.find(request.uri.user ?? '') !== undefined
        ? { action: 'challenge', stale: false, reason: 'no-such-application-or-disabled' }
        : decision,
    ),
  },
]);
