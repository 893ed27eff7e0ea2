import { decidedOtherwise, faultsOf } from '../fault.ts';

export default faultsOf('sip.layered.digest-fails', [
  {
    id: 'address-is-enough',
    sentence: 'From a listed address a wrong password is as good as the right one.',
    collateral: {
      'app.password-off': 'its old password is a wrong one from a listed address',
    },
    override: decidedOtherwise((decision, { request }, { directory }) => {
      const application = directory.find(request.uri.user ?? '');
      return decision.reason === 'digest-wrong' && (application?.allowedSources.length ?? 0) > 0
        ? { action: 'deliver', reason: 'source-trusted', application: application!, nonceUse: undefined }
        : decision;
    }),
  },
]);
