import { decidedOtherwise } from '../fault.ts';
import type { Fault } from '../fault.ts';

export default {
  id: 'listed-source-challenged',
  rule: 'sip.ip.no-challenge',
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
} satisfies Fault;
