import { DialogTable, type Dialog, type KnownDialog } from '../../impl/edge/dialog.ts';
import type { SocketAddress } from '../../impl/net/socket_address.ts';
import type { SipRequest } from '../../impl/sip/message.ts';
import type { Parts } from '../../impl/system.ts';
import { decidedOtherwise, edgeWith, faultsOf, forwardedOtherwise } from '../fault.ts';
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
    id: 'refused-change-ends-call',
    sentence: 'After a change of the session that the other side refuses, the BYE of the call gets 481.',
    override: endedByRefusal(),
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
  {
    id: 'bye-by-call-id',
    sentence: 'A BYE of the caller ends the call that has its Call-ID, whatever its tags.',
    collateral: { 'hard.dialog.hijack': 'it guesses tags too' },
    override: edgeWith({
      DialogTable: class extends DialogTable {
        readonly #known = new Map<string, Dialog>();

        override begun(...[response, caller, callee]: Parameters<DialogTable['begun']>) {
          const dialog = super.begun(response, caller, callee);
          if (dialog) this.#known.set(response.callId, dialog);
          return dialog;
        }

        override find(request: SipRequest, source: SocketAddress): KnownDialog | undefined {
          const found = super.find(request, source);
          const dialog = request.method === 'BYE' ? this.#known.get(request.callId) : undefined;
          const isCallers = dialog?.caller.endpoint.address === source.address;
          return found ?? (dialog && isCallers ? { dialog, from: 'caller' } : undefined);
        }
      },
    }),
  },
]);

/** The edge that knows a call no more once an INVITE was refused in it. */
function endedByRefusal(): Partial<Parts> {
  const established = new Set<string>();
  const ended = new Set<string>();
  return wire({
    received(text) {
      const callId = /^(?:Call-ID|i)\s*: *(.*)\r$/im.exec(text)?.[1] ?? '';
      const status = Number(/^SIP\/2\.0 (\d+)/.exec(text)?.[1]);
      if (/^CSeq *: *\d+ INVITE/im.test(text)) {
        if (status >= 200 && status < 300) established.add(callId);
        if (status >= 300 && established.has(callId)) ended.add(callId);
      }
      const isBye = text.startsWith('BYE ') && ended.has(callId);
      return isBye ? text.replaceAll(/;tag=/g, '$&ended-').replace(/^Route:.*\r\n/gm, '') : text;
    },
  });
}
