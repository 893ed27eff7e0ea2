import { DialogTable, type Dialog, type KnownDialog } from '../../impl/edge/dialog.ts';
import type { SocketAddress } from '../../impl/net/socket_address.ts';
import type { SipRequest } from '../../impl/sip/message.ts';
import type { ServerTransaction } from '../../impl/sip/server_transaction.ts';
import { TransactionLayer } from '../../impl/sip/transaction_layer.ts';
import { edgeWith, faultsOf } from '../fault.ts';

export default faultsOf('hard.dialog.hijack', [
  {
    id: 'cancel-by-call-id',
    sentence: 'A CANCEL ends the call that has its Call-ID, whoever sends it.',
    override: edgeWith({
      TransactionLayer: class extends TransactionLayer {
        readonly #from = new Map<string, { readonly invite: SipRequest; readonly source: SocketAddress }>();

        override receiveRequest(
          ...[request, source, transport]: Parameters<TransactionLayer['receiveRequest']>
        ) {
          if (request.method === 'INVITE') this.#from.set(request.callId, { invite: request, source });
          super.receiveRequest(request, source, transport);
        }

        override inviteToCancel(cancel: SipRequest, source: SocketAddress): ServerTransaction | undefined {
          const known = this.#from.get(cancel.callId);
          return super.inviteToCancel(known?.invite ?? cancel, known?.source ?? source);
        }
      },
    }),
  },
  {
    id: 'dialog-of-any-source',
    sentence: 'Whoever knows the tags of a call may send its requests, from any address.',
    override: edgeWith({
      DialogTable: class extends DialogTable {
        readonly #callers = new Map<string, SocketAddress>();

        override begun(...[response, caller, callee]: Parameters<DialogTable['begun']>) {
          this.#callers.set(response.callId, caller.endpoint);
          return super.begun(response, caller, callee);
        }

        override find(request: SipRequest, source: SocketAddress): KnownDialog | undefined {
          return (
            super.find(request, source) ?? super.find(request, this.#callers.get(request.callId) ?? source)
          );
        }
      },
    }),
  },
  {
    id: 'early-dialog-outlives-cancel',
    sentence: 'A call that was cancelled stays known, and its caller can still send requests in it.',
    override: edgeWith({
      DialogTable: class extends DialogTable {
        /** Forgets only calls that were answered. */
        override forget(dialog: Dialog): void {
          if (dialog.isConfirmed) super.forget(dialog);
        }
      },
    }),
  },
  {
    id: 'cancel-of-any-branch',
    sentence: 'A CANCEL from the address of the caller ends its call, whatever its branch.',
    override: edgeWith({
      TransactionLayer: class extends TransactionLayer {
        readonly #invites = new Map<string, SipRequest>();

        override receiveRequest(
          ...[request, source, transport]: Parameters<TransactionLayer['receiveRequest']>
        ) {
          if (request.method === 'INVITE') this.#invites.set(`${request.callId} ${source.address}`, request);
          super.receiveRequest(request, source, transport);
        }

        override inviteToCancel(cancel: SipRequest, source: SocketAddress): ServerTransaction | undefined {
          const invite = this.#invites.get(`${cancel.callId} ${source.address}`);
          return super.inviteToCancel(invite ?? cancel, source);
        }
      },
    }),
  },
]);
