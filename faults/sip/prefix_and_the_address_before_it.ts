import { decidedOtherwise } from '../fault.ts';
import type { Fault } from '../fault.ts';

export default {
  id: 'prefix-and-the-address-before-it',
  rule: 'sip.ip.prefix-edges',
  sentence: 'The last address before a listed prefix is let in too.',
  override: decidedOtherwise((decision, { request, source }, { directory }) => {
    const application = directory.find(request.uri.user ?? '');
    const isBefore = application?.allowedSources.some(({ network }) => network === source + 1);
    return decision.reason === 'source-not-allowed' && application !== undefined && isBefore === true
      ? { action: 'deliver', reason: 'source-trusted', application, nonceUse: undefined }
      : decision;
  }),
} satisfies Fault;
