import { credentialOf } from '../../impl/store/model/voice_application.ts';
import type { Fault } from '../fault.ts';
import { inboundOtherwise } from '../patches.ts';

export default {
  id: 'rotation-changes-uri',
  rule: 'app.rotate.keeps-rest',
  sentence: 'A rotation gives the application another SIP URI.',
  override: inboundOtherwise((_inbound, { current, context }, password) => {
    if (!current.inbound?.credential || password === undefined) return undefined;
    const uriUser = context.newUuid();
    return { uriUser, credential: credentialOf(current.applicationId, uriUser, context.domain, password) };
  }),
} satisfies Fault;
