import { decidedOtherwise, faultsOf } from '../fault.ts';

export default faultsOf('sip.ip.not-listed', [
  {
    id: 'unlisted-source-403',
    sentence: 'A call from an address that is not listed is refused with 403 instead of 401.',
    collateral: {
      'app.patch.atomic': 'it asks for a refusal of an address that is not listed',
      'app.reenable.fresh': 'it asks for a refusal of an address that is not listed',
      'app.enable.layered': 'it asks for a refusal of an address that is not listed',
      'app.password-off': 'it asks for a refusal of an address that is not listed',
      'app.rotate.keeps-rest': 'it asks for a refusal of an address that is not listed',
      'app.source-ips.replaced-whole': 'it asks for a refusal of an address that is not listed',
      'sip.ip.prefix-edges': 'the addresses beside a prefix are not listed',
      'sip.layered.ip-fails': 'its address is not listed',
      'sip.source-ips.update': 'an address that has left the list is not listed',
      'sip.refusal.www-authenticate': 'one of its refusals is for an address that is not listed',
    },
    override: decidedOtherwise((decision) =>
      decision.reason === 'source-not-allowed'
        ? { action: 'refuse', status: 403, reason: 'source-not-allowed' }
        : decision,
    ),
  },
  {
    id: 'unlisted-source-challenged',
    sentence:
      'A call from an address that is not listed is challenged although the application has no password.',
    collateral: {
      'app.patch.atomic': 'it asks for a refusal of an address that is not listed',
      'app.reenable.fresh': 'it asks for a refusal of an address that is not listed',
      'app.password-off': 'it asks for a refusal of an address that is not listed',
      'app.source-ips.replaced-whole': 'it asks for a refusal of an address that is not listed',
      'sip.ip.prefix-edges': 'the addresses beside a prefix are not listed',
      'sip.source-ips.update': 'an address that has left the list is not listed',
      'sip.refusal.www-authenticate': 'one of its refusals is for an address that is not listed',
    },
    override: decidedOtherwise((decision, { request }, { directory }) =>
      decision.reason === 'source-not-allowed' && directory.find(request.uri.user ?? '')?.credential === null
        ? { action: 'challenge', stale: false, reason: 'no-credentials' }
        : decision,
    ),
  },
]);
