import type { SocketAddress } from '../net/socket_address.ts';
import type { SipRequest, SipResponse } from '../sip/message.ts';
import type { RouteRewrite } from '../sip/serialiser.ts';
import {
  callerEnd,
  dialogKeyIn,
  type Dialog,
  type DialogEnd,
  type DialogTable,
  type Side,
} from './dialog.ts';
import type { DialogRouting } from './dialog_routing.ts';

/** Follows the answers to a forwarded request, and updates its dialog. */
export interface DialogWatch {
  /** A response other than 100 came. Returns how to rewrite its Record-Route on the way back; undefined: leave it. */
  answered(response: SipResponse): RouteRewrite | undefined;
  /** No further answer is expected. */
  finished(): void;
}

/** A call that may begin dialogs. */
export interface NewCall {
  readonly caller: DialogEnd;
  /** Where its INVITE came from. */
  readonly source: SocketAddress;
  /** The Record-Route value its INVITE left with. */
  readonly recorded: string;
}

/** The dialogs that an INVITE outside any dialog may begin, one for each To tag (RFC 3261 12.1, 13.2.2.4). */
export class NewDialogs implements DialogWatch {
  readonly #table: DialogTable;
  readonly #routing: DialogRouting;
  readonly #call: NewCall;
  #early: Dialog[] = [];
  #rewrite: { readonly of: Dialog; readonly callee: DialogEnd; readonly route: RouteRewrite } | undefined;

  constructor(table: DialogTable, routing: DialogRouting, call: NewCall) {
    this.#table = table;
    this.#routing = routing;
    this.#call = call;
  }

  answered(response: SipResponse): RouteRewrite | undefined {
    if (response.to.tag === undefined || response.status >= 300) return undefined;
    const { caller } = this.#call;
    const callee = this.#routing.calleeEndIn(response);
    const dialog = this.#table.begun(response, caller, callee);
    if (response.status >= 200) this.#early = this.#early.filter((early) => early !== dialog);
    else if (!this.#early.includes(dialog)) this.#early.push(dialog);
    return this.#rewriteFor(response, dialog, callee);
  }

  /** The same for every answer in one dialog, unless its callee has moved since. */
  #rewriteFor(response: SipResponse, dialog: Dialog, callee: DialogEnd): RouteRewrite {
    if (this.#rewrite?.of === dialog && isSameEnd(this.#rewrite.callee, callee)) return this.#rewrite.route;
    const { caller, source, recorded } = this.#call;
    const route = this.#routing.rewriteForCaller(response, recorded, source, { caller, callee });
    this.#rewrite = { of: dialog, callee, route };
    return route;
  }

  finished(): void {
    for (const dialog of this.#early) this.#table.end(dialog);
    this.#early = [];
  }
}

/** The remembered dialog of a request: a BYE ends it, INVITE and UPDATE may move its ends (RFC 3261 12.2). */
export class OngoingDialog implements DialogWatch {
  readonly #table: DialogTable;
  readonly #routing: DialogRouting;
  readonly #dialog: Dialog;
  readonly #request: SipRequest;
  /** Where the request came from. */
  readonly #sender: DialogEnd & { readonly side: Side };

  constructor(
    table: DialogTable,
    routing: DialogRouting,
    dialog: Dialog,
    request: SipRequest,
    sender: DialogEnd & { readonly side: Side },
  ) {
    this.#table = table;
    this.#routing = routing;
    this.#dialog = dialog;
    this.#request = request;
    this.#sender = sender;
    table.heard(dialog);
  }

  answered(response: SipResponse): undefined {
    const { method } = this.#request;
    if (response.status < 200 || response.status >= 300) return;
    if (method !== 'INVITE' && method !== 'UPDATE') return;
    const { side, endpoint, transport } = this.#sender;
    if (side === 'caller') this.#dialog.caller = callerEnd(this.#request, endpoint, transport);
    else this.#dialog.callee = this.#routing.calleeEndAfter(this.#request, this.#dialog.callee);
  }

  finished(): void {
    if (this.#request.method === 'BYE') this.#table.end(this.#dialog);
  }
}

function isSameEnd(one: DialogEnd, other: DialogEnd): boolean {
  return one.endpoint.address === other.endpoint.address && one.endpoint.port === other.endpoint.port;
}

/** A dialog that is not remembered here: only its end matters, to the worker that may remember it. */
export class ElsewhereDialog implements DialogWatch {
  readonly #key: string | undefined;
  readonly #ended: (key: string) => void;

  constructor(request: SipRequest, side: Side, ended: (key: string) => void) {
    this.#key = request.method === 'BYE' ? dialogKeyIn(request, side) : undefined;
    this.#ended = ended;
  }

  answered(): undefined {}

  finished(): void {
    if (this.#key !== undefined) this.#ended(this.#key);
  }
}
