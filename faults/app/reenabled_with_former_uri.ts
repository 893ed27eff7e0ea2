import { credentialOf } from '../../impl/store/model/voice_application.ts';
import type { Fault } from '../fault.ts';
import { inboundOtherwise } from '../patches.ts';

const uriUsers = new Map<string, string>();

export default {
  id: 'reenabled-with-former-uri',
  rule: 'app.reenable.fresh',
  sentence: 'Enabling once more brings the former SIP URI back.',
  override: inboundOtherwise((inbound, { current: { applicationId }, context }, password) => {
    const uriUser = uriUsers.get(applicationId) ?? inbound.uriUser;
    uriUsers.set(applicationId, uriUser);
    return password === undefined
      ? { uriUser }
      : { uriUser, credential: credentialOf(applicationId, uriUser, context.domain, password) };
  }),
} satisfies Fault;
