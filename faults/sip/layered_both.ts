import { decidedOtherwise, faultsOf } from '../fault.ts';

export default faultsOf('sip.layered.both', [
  {
    id: 'layered-lets-nobody-in',
    sentence: 'An application that asks for a password and an address refuses those who have both.',
    collateral: {
      'app.password-off': 'its application asks for both in the end',
      'app.source-ips.replaced-whole': 'one of its applications asks for both',
    },
    override: decidedOtherwise((decision) =>
      decision.reason === 'digest-right' &&
      decision.action === 'deliver' &&
      decision.application.allowedSources.length > 0
        ? { action: 'refuse', status: 401, reason: 'no-auth-mode' }
        : decision,
    ),
  },
]);
