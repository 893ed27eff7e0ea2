import { decidedOtherwise } from '../fault.ts';
import type { Fault } from '../fault.ts';

export default {
  id: 'layered-either-is-enough',
  rule: 'app.enable.layered',
  sentence: 'A caller from a listed address needs no password where both are asked for.',
  collateral: {
    'app.password-off': 'before it is turned off the password is right, and nobody asks for it',
    'app.source-ips.replaced-whole': 'the password is right there, and nobody asks for it',
    'sip.layered.both': 'the same rule, seen on the wire',
    'sip.layered.digest-fails': 'the same rule, seen on the wire',
  },
  override: decidedOtherwise((decision, { request }, { directory }) => {
    const application = directory.find(request.uri.user ?? '');
    const isListed = application !== undefined && application.allowedSources.length > 0;
    return isListed && (decision.reason === 'no-credentials' || decision.reason === 'digest-wrong')
      ? { action: 'deliver', reason: 'source-trusted', application, nonceUse: undefined }
      : decision;
  }),
} satisfies Fault;
