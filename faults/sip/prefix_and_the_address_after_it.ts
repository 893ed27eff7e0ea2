import { decidedOtherwise } from '../fault.ts';
import type { Fault } from '../fault.ts';

export default {
  id: 'prefix-and-the-address-after-it',
  rule: 'sip.ip.prefix-edges',
  sentence: 'The first address after a listed prefix is let in too.',
  override: decidedOtherwise((decision, { request, source }, { directory }) => {
    const application = directory.find(request.uri.user ?? '');
    const isNext = application?.allowedSources.some(
      ({ network, mask }) => (network | ~mask) >>> 0 === source - 1,
    );
    return decision.reason === 'source-not-allowed' && application !== undefined && isNext === true
      ? { action: 'deliver', reason: 'source-trusted', application, nonceUse: undefined }
      : decision;
  }),
} satisfies Fault;
