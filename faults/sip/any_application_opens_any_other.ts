import { decidedOtherwise } from '../fault.ts';
import type { Fault } from '../fault.ts';

export default {
  id: 'any-application-opens-any-other',
  rule: 'sip.identity.auth-user',
  sentence: "An application's name and password open every other application.",
  override: decidedOtherwise((decision, { request }, { directory }) => {
    const user = request.proxyAuthorizations[0]?.credentials?.username;
    const application = user === undefined ? undefined : directory.find(user);
    return decision.reason === 'auth-user-mismatch' && application !== undefined
      ? { action: 'deliver', reason: 'digest-right', application, nonceUse: undefined }
      : decision;
  }),
} satisfies Fault;
