import { faultsOf, patchedOtherwise } from '../fault.ts';
import { answersRewritten, changed, dataIn } from '../http.ts';

export default faultsOf('app.get.settings', [
  {
    id: 'empty-regions-left-out',
    sentence: 'Reading an enabled application that is open to every region does not show allowedRegions.',
    override: answersRewritten(({ request, body }) => {
      const data = dataIn(body);
      const isOpen = data?.['inboundSipCallsEnabled'] === true && String(data['allowedRegions']) === '';
      return request.method === 'GET' && isOpen
        ? changed(body, { data: changed(data, { allowedRegions: undefined }) })
        : body;
    }),
  },
  {
    id: 'name-change-lost',
    sentence: 'A PATCH of the name is answered 200 and changes nothing.',
    override: patchedOtherwise((outcome, { current }) =>
      outcome.next === undefined
        ? outcome
        : { ...outcome, next: { ...outcome.next, profile: current.profile } },
    ),
  },
  {
    id: 'password-auth-always-shown',
    sentence: 'Reading an enabled application shows passwordAuthEnabled true, with or without a password.',
    override: answersRewritten(({ request, body }) => {
      const data = dataIn(body);
      return request.method === 'GET' && data?.['inboundSipCallsEnabled'] === true
        ? changed(body, { data: changed(data, { passwordAuthEnabled: true }) })
        : body;
    }),
  },
]);
