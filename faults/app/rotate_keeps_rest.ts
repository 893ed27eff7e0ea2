import { credentialOf } from '../../impl/store/model/voice_application.ts';
import { faultsOf } from '../fault.ts';
import { inboundOtherwise } from '../patches.ts';

export default faultsOf('app.rotate.keeps-rest', [
  {
    id: 'rotation-changes-uri',
    sentence: 'A rotation gives the application another SIP URI.',
    override: inboundOtherwise((_inbound, { current, context }, password) => {
      if (!current.inbound?.credential || password === undefined) return undefined;
      const uriUser = context.newUuid();
      return { uriUser, credential: credentialOf(current.applicationId, uriUser, context.domain, password) };
    }),
  },
  {
    id: 'rotation-resets-regions',
    sentence: 'A rotation takes the restriction to regions away.',
    override: inboundOtherwise((_inbound, { current, patch }) =>
      current.inbound?.credential && patch.passwordAuthEnabled && patch.allowedRegions === undefined
        ? { allowedRegions: [] }
        : undefined,
    ),
  },
  {
    id: 'rotation-resets-sources',
    sentence: 'A rotation takes the source addresses away.',
    override: inboundOtherwise((_inbound, { current, patch }) =>
      current.inbound?.credential && patch.passwordAuthEnabled && patch.allowedSourceIps === undefined
        ? { allowedSources: [] }
        : undefined,
    ),
  },
]);
