import { faultsOf, forwardedOtherwise } from '../fault.ts';

export default faultsOf('sip.route.own', [
  {
    id: 'own-route-left',
    sentence: 'The Route value of the service stays in the requests of a dialog.',
    override: forwardedOtherwise(({ route }) => ({ route: route === 'removeFirst' ? 'keep' : route })),
  },
  {
    id: 'route-removed-whole',
    sentence: 'A request whose first Route value is that of the service loses the others too.',
    override: forwardedOtherwise(() => ({ route: 'removeAll' })),
  },
]);
