import { faultsOf, forwardedOtherwise } from '../fault.ts';

export default faultsOf('hard.route.preloaded', [
  {
    id: 'preloaded-route-kept',
    sentence: 'The Route of an INVITE goes on to the voice platform as the caller wrote it.',
    override: forwardedOtherwise(({ route }) => ({ route: route === 'removeAll' ? 'keep' : route })),
  },
  {
    id: 'preloaded-route-behind-own-kept',
    sentence: 'Of the Route of an INVITE only the first value is removed, whatever it names.',
    override: forwardedOtherwise(({ route }) => ({ route: route === 'removeAll' ? 'removeFirst' : route })),
  },
]);
