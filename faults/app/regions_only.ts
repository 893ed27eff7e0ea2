import { credentialOf } from '../../impl/store/model/voice_application.ts';
import { faultsOf } from '../fault.ts';
import { inboundOtherwise, patchReadAs } from '../patches.ts';
import { firstValueShown } from '../stale_reading.ts';

export default faultsOf('app.regions.only', [
  {
    id: 'reading-shows-first-regions',
    sentence: 'While an application is enabled, GET shows the regions it was enabled with.',
    override: firstValueShown('allowedRegions'),
  },
  {
    id: 'regions-patch-changes-uri',
    sentence: 'A PATCH of allowedRegions alone gives the application another SIP URI.',
    override: inboundOtherwise((_inbound, { patch, context }) =>
      patch.allowedRegions !== undefined && Object.keys(patch).length === 1
        ? { uriUser: context.newUuid() }
        : undefined,
    ),
  },
  {
    id: 'regions-patch-kills-password',
    sentence: 'A PATCH of allowedRegions alone kills the password, and gives no new one.',
    collateral: {
      'app.regions.unknown': 'it calls with the password after such a PATCH',
      'sip.region.update': 'it calls with the password after such a PATCH',
    },
    override: inboundOtherwise(({ uriUser }, { current, patch, context }) =>
      current.inbound?.credential && patch.allowedRegions !== undefined && Object.keys(patch).length === 1
        ? { credential: credentialOf(current.applicationId, uriUser, context.domain, context.newPassword()) }
        : undefined,
    ),
  },
  {
    id: 'regions-patch-rotates',
    sentence: 'A PATCH of allowedRegions alone makes a new password.',
    collateral: { 'app.enable.password': 'the answer to such a PATCH tells it again' },
    override: patchReadAs(({ current, patch }) =>
      current.inbound?.credential && patch.allowedRegions !== undefined && Object.keys(patch).length === 1
        ? { ...patch, passwordAuthEnabled: true }
        : patch,
    ),
  },
]);
