import { decidedOtherwise, faultsOf } from '../fault.ts';

export default faultsOf('sip.identity.auth-user', [
  {
    id: 'any-application-opens-any-other',
    sentence: "An application's name and password open every other application.",
    override: decidedOtherwise((decision, { request }, { directory }) => {
      const user = request.proxyAuthorizations[0]?.credentials?.username;
      const application = user === undefined ? undefined : directory.find(user);
      return decision.reason === 'auth-user-mismatch' && application !== undefined
        ? { action: 'deliver', reason: 'digest-right', application, nonceUse: undefined }
        : decision;
    }),
  },
  {
    id: 'auth-user-mismatch-401',
    sentence: 'Another authentication user is refused with 401 instead of 403.',
    override: decidedOtherwise((decision) =>
      decision.reason === 'auth-user-mismatch'
        ? { action: 'refuse', status: 401, reason: 'auth-user-mismatch' }
        : decision,
    ),
  },
]);
