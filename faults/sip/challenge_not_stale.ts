import { decidedOtherwise, faultsOf } from '../fault.ts';

export default faultsOf('sip.challenge.not-stale', [
  {
    id: 'first-challenge-stale',
    sentence: 'A challenge to an INVITE without credentials says that a nonce was stale.',
    override: decidedOtherwise((decision) =>
      decision.action === 'challenge' && decision.reason === 'no-credentials'
        ? { ...decision, stale: true }
        : decision,
    ),
  },
]);
