import { decidedIn, decidedOtherwise, faultsOf } from '../fault.ts';

export default faultsOf('app.enable.layered', [
  {
    id: 'layered-either-is-enough',
    sentence: 'A caller from a listed address needs no password where both are asked for.',
    collateral: {
      'app.password-off': 'its first call has the password, and nobody asks for it',
      'app.source-ips.replaced-whole': 'its call has the password, and nobody asks for it',
      'sip.layered.digest-fails': 'the same rule, seen on the wire',
    },
    override: decidedOtherwise((decision, { request }, { directory }) => {
      const application = directory.find(request.uri.user ?? '');
      const isListed = application !== undefined && application.allowedSources.length > 0;
      return isListed && (decision.reason === 'no-credentials' || decision.reason === 'digest-wrong')
        ? { action: 'deliver', reason: 'source-trusted', application, nonceUse: undefined }
        : decision;
    }),
  },
  {
    id: 'layered-list-ignored',
    sentence: 'With a password in force the source addresses are not looked at.',
    collateral: {
      'app.rotate.keeps-rest': 'it calls from an address that is not listed, with the password',
      'app.source-ips.replaced-whole': 'it calls from an address that is not listed, with the password',
    },
    override: decidedOtherwise((_decision, arrival, view, now) => {
      const find = (user: string) => {
        const settings = view.directory.find(user);
        return settings?.credential ? { ...settings, allowedSources: [] } : settings;
      };
      return decidedIn({ ...view, directory: { find } }, arrival, now);
    }),
  },
]);
