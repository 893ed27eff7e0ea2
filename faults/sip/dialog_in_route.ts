import { decidedOtherwise, faultsOf, forwardedOtherwise } from '../fault.ts';
import { wire } from '../wire.ts';

export default faultsOf('sip.dialog.in-route', [
  {
    id: 'bye-answered-here',
    sentence: 'A BYE is answered by the service and goes no further.',
    override: decidedOtherwise((decision, { request }) =>
      decision.action === 'relay' && request.method === 'BYE'
        ? { action: 'answer', reason: 'keepalive' }
        : decision,
    ),
  },
  {
    id: 'bye-of-called-side-lost',
    sentence: 'The BYE of the called side does not reach the caller.',
    collateral: { 'sip.tcp': 'the called side hangs up there too' },
    override: wire({
      sent: (text, { side }) => (side === 'caller' && text.startsWith('BYE ') ? undefined : text),
    }),
  },
  {
    id: 'foreign-bye-answered-200',
    sentence: 'A BYE of a dialog that does not exist is answered with 200.',
    collateral: { 'hard.methods.unauthenticated': 'one of its requests is such a BYE' },
    override: decidedOtherwise((decision, { request }) =>
      decision.reason === 'no-such-dialog' && request.method === 'BYE'
        ? { action: 'answer', reason: 'keepalive' }
        : decision,
    ),
  },
  {
    id: 'record-route-missing',
    sentence: 'The service does not put itself on the route of the calls it sets up.',
    override: forwardedOtherwise(() => ({ recordRoute: undefined })),
  },
  {
    id: 'record-route-without-lr',
    sentence: 'The Record-Route of the service has no lr, as if it were a strict router.',
    override: wire({
      sent: (text, { side }) =>
        side === 'platform' ? text.replace(/^(Record-Route: <[^>]*);lr>/m, '$1>') : text,
    }),
  },
  {
    id: 'reinvite-challenged',
    sentence:
      'A re-INVITE is challenged like a new call, even one by the called side, which has no password.',
    override: decidedOtherwise((decision, { request }) =>
      decision.action === 'relay' && request.method === 'INVITE'
        ? { action: 'challenge', stale: false, reason: 'no-credentials' }
        : decision,
    ),
  },
]);
