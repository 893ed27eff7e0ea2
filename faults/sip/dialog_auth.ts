import { decidedOtherwise, faultsOf } from '../fault.ts';

export default faultsOf('sip.dialog.auth', [
  {
    id: 'to-tag-opens',
    sentence: 'An INVITE with any To tag counts as one of a call that was let in, and is delivered.',
    override: decidedOtherwise((decision, { request }, { directory }) => {
      const application = directory.find(request.uri.user ?? '');
      return decision.reason === 'no-such-dialog' && request.method === 'INVITE' && application !== undefined
        ? { action: 'deliver', reason: 'source-trusted', application, nonceUse: undefined }
        : decision;
    }),
  },
]);
