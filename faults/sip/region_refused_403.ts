import { decidedOtherwise } from '../fault.ts';
import type { Fault } from '../fault.ts';

export default {
  id: 'region-refused-403',
  rule: 'sip.region.refused',
  sentence: 'A call from a region that is not allowed is refused with 403 instead of 401.',
  collateral: {
    'app.regions.unknown': 'it asks for a refusal by region',
    'app.rotate.keeps-rest': 'it asks for a refusal by region',
    'sip.region.update': 'it asks for a refusal by region',
  },
  override: decidedOtherwise((decision) =>
    decision.reason === 'region-not-allowed'
      ? { action: 'refuse', status: 403, reason: 'region-not-allowed' }
      : decision,
  ),
} satisfies Fault;
