import { decidedIn, decidedOtherwise, faultsOf } from '../fault.ts';

export default faultsOf('sip.layered.ip-fails', [
  {
    id: 'password-is-enough',
    sentence: 'A caller with the right password is let in from an address that is not listed.',
    collateral: {
      'app.rotate.keeps-rest': 'it asks for a refusal of the right password by address',
      'app.source-ips.replaced-whole': 'it asks for a refusal of the right password by address',
    },
    override: decidedOtherwise((decision, arrival, view, now) => {
      if (decision.reason !== 'source-not-allowed') return decision;
      const directory = {
        find(user: string) {
          const settings = view.directory.find(user);
          return settings && settings.credential !== null ? { ...settings, allowedSources: [] } : settings;
        },
      };
      return decidedIn({ ...view, directory }, arrival, now);
    }),
  },
]);
