import { decidedOtherwise, faultsOf } from '../fault.ts';
import { foundOtherwise } from '../patches.ts';

export default faultsOf('sip.ip.no-challenge', [
  {
    id: 'listed-source-challenged',
    sentence: 'A call from a listed address is challenged although the application has no password.',
    collateral: {
      'app.patch.atomic': 'its call comes from a listed address',
      'app.disable.kills-credential': 'its call comes from a listed address',
      'app.enable.ip-only': 'its call comes from a listed address',
      'app.password-off': 'its call comes from a listed address',
      'app.last-mechanism': 'its call comes from a listed address',
      'app.source-ips.replaced-whole': 'its call comes from a listed address',
      'app.cidr.limit': 'its call comes from a listed address',
      'sip.ip.prefix-edges': 'its addresses are listed ones',
      'sip.source-ips.update': 'its address is a listed one before the change, or after it',
    },
    override: decidedOtherwise((decision) =>
      decision.reason === 'source-trusted'
        ? { action: 'challenge', stale: false, reason: 'no-credentials' }
        : decision,
    ),
  },
  {
    id: 'only-first-and-last-source-in-force',
    sentence: 'Of a list of source addresses only the first and the last are looked at.',
    override: foundOtherwise(
      (settings) =>
        settings && {
          ...settings,
          allowedSources: [
            ...settings.allowedSources.slice(0, 1),
            ...settings.allowedSources.slice(1).slice(-1),
          ],
        },
    ),
  },
  {
    id: 'unasked-credentials-refused',
    sentence: 'A call from a listed address is refused if it carries credentials that nobody asked for.',
    override: decidedOtherwise((decision, { request }) =>
      decision.reason === 'source-trusted' && request.proxyAuthorizations.length > 0
        ? { action: 'refuse', status: 401, reason: 'digest-wrong' }
        : decision,
    ),
  },
]);
