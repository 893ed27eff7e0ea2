import { credentialOf } from '../../impl/store/model/voice_application.ts';
import type { Fault } from '../fault.ts';
import { inboundOtherwise } from '../patches.ts';

export default {
  id: 'uri-of-application-id',
  rule: 'app.reenable.fresh',
  sentence: 'The user part of a SIP URI is the applicationId, also after enabling once more.',
  override: inboundOtherwise((_inbound, { current: { applicationId }, context }, password) => {
    const uriUser = applicationId;
    return password === undefined
      ? { uriUser }
      : { uriUser, credential: credentialOf(applicationId, uriUser, context.domain, password) };
  }),
} satisfies Fault;
