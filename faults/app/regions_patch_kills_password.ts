import { credentialOf } from '../../impl/store/model/voice_application.ts';
import type { Fault } from '../fault.ts';
import { inboundOtherwise } from '../patches.ts';

export default {
  id: 'regions-patch-kills-password',
  rule: 'app.regions.only',
  sentence: 'After a PATCH of allowedRegions alone no password is right, and no new one was given.',
  collateral: {
    'app.regions.unknown': 'it calls with the password after such a PATCH',
    'sip.region.update': 'it calls with the password after such a PATCH',
  },
  override: inboundOtherwise(({ uriUser }, { current, patch, context }) =>
    current.inbound?.credential && patch.allowedRegions !== undefined && Object.keys(patch).length === 1
      ? { credential: credentialOf(current.applicationId, uriUser, context.domain, context.newPassword()) }
      : undefined,
  ),
} satisfies Fault;
