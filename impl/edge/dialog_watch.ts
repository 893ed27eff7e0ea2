import { ownCopy } from '../runtime/own_copy.ts';
import type { SipRequest, SipResponse } from '../sip/message.ts';
import type { RouteRewrite } from '../sip/serialiser.ts';
import {
  callerEnd,
  dialogIdIn,
  dialogKeyIn,
  targetAt,
  type Dialog,
  type CalleeEnd,
  type DialogEnd,
  type DialogEnds,
  type DialogTable,
  type Side,
} from './dialog.ts';
import type { DialogMatch, DialogRouting, RecordedRoute } from './dialog_routing.ts';
import type { DialogId } from './route_token.ts';

/** Follows the answers to a forwarded request, and updates its dialog. */
export interface DialogWatch {
  /** A response other than 100 came. Returns how to rewrite its Record-Route on the way back; undefined: leave it. */
  answered(response: SipResponse): RouteRewrite | undefined;
  /** The request got that final status, and no further answer is expected. */
  finished(status: number): void;
}

/** A call that may begin dialogs. */
export interface NewCall {
  readonly caller: DialogEnd;
  /** The Record-Route value its INVITE left with. */
  readonly recorded: RecordedRoute;
}

/** The dialogs that an INVITE outside any dialog may begin, one for each To tag (RFC 3261 12.1, 13.2.2.4). */
export class NewDialogs implements DialogWatch {
  readonly #table: DialogTable;
  readonly #routing: DialogRouting;
  readonly #call: NewCall;
  #early: Dialog[] = [];
  #rewrite:
    { readonly calleeTag: string; readonly callee: CalleeEnd; readonly route: RouteRewrite } | undefined;

  constructor(table: DialogTable, routing: DialogRouting, call: NewCall) {
    this.#table = table;
    this.#routing = routing;
    this.#call = call;
  }

  answered(response: SipResponse): RouteRewrite | undefined {
    const { tag } = response.to;
    if (tag === undefined || response.status >= 300) return undefined;
    const callee = this.#routing.calleeEndIn(response);
    const dialog = this.#table.begun(response, this.#call.caller, callee);
    if (response.status >= 200) this.#early = this.#early.filter((early) => early !== dialog);
    else if (dialog !== undefined && !this.#early.includes(dialog)) this.#early.push(dialog);
    return this.#rewriteFor(response, tag, callee);
  }

  /** The same for every answer in one dialog, unless its callee has moved since. */
  #rewriteFor(response: SipResponse, calleeTag: string, callee: CalleeEnd): RouteRewrite {
    if (this.#rewrite?.calleeTag === calleeTag && isSameEnd(this.#rewrite.callee, callee))
      return this.#rewrite.route;
    const { caller, recorded } = this.#call;
    const route = this.#routing.rewriteForCaller(response, recorded, { caller, callee });
    this.#rewrite = { calleeTag: ownCopy(calleeTag), callee, route };
    return route;
  }

  finished(): void {
    for (const dialog of this.#early) this.#table.forget(dialog);
    this.#early = [];
  }
}

function isSameEnd(one: DialogEnd, other: DialogEnd): boolean {
  return one.endpoint.address === other.endpoint.address && one.endpoint.port === other.endpoint.port;
}

/** The end of a dialog by a BYE, whichever process remembers the dialog. */
export class DialogEnding implements DialogWatch {
  readonly #key: string;
  readonly #ended: (key: string) => void;

  /** `ended` hears the dialog's key. */
  constructor(bye: SipRequest, side: Side, ended: (key: string) => void) {
    this.#key = dialogKeyIn(bye, side);
    this.#ended = ended;
  }

  answered(): undefined {}

  finished(status: number): void {
    if (endsDialog(status)) this.#ended(this.#key);
  }
}

/**
 * Whether a BYE with that final answer, or none (408, 503), has ended its dialog (RFC 3261 15.1.1). One that was
 * challenged or refused comes again.
 */
function endsDialog(status: number): boolean {
  return status < 300 || status >= 500 || status === 408 || status === 481;
}

/**
 * A request that may move the ends of its dialog (RFC 3261 12.2.1.2): a 2xx to it moves both to the Contacts, and renews
 * the tokens of those that take a new route from it. A dialog that a token alone has proved is remembered from then on.
 */
export class TargetRefresh implements DialogWatch {
  /** The Record-Route that the request leaves with. */
  readonly recorded: RecordedRoute;
  readonly #table: DialogTable;
  readonly #routing: DialogRouting;
  readonly #dialog: Dialog;
  readonly #side: Side;
  // Released with the final answer.
  #id: DialogId | undefined;
  /** The ends as they will be if the request succeeds. */
  #ends: DialogEnds;
  #rewrite: RouteRewrite | undefined;

  constructor(
    table: DialogTable,
    routing: DialogRouting,
    { dialog, from: side }: DialogMatch,
    { request, endpoint, transport }: DialogEnd & { readonly request: SipRequest },
  ) {
    const { caller, callee } = dialog;
    this.#table = table;
    this.#routing = routing;
    this.#dialog = dialog;
    this.#side = side;
    this.#id = dialogIdIn(request, side);
    this.#ends =
      side === 'caller'
        ? { caller: callerEnd(request, endpoint, transport), callee }
        : { caller, callee: routing.calleeEndAfter(request, callee) };
    this.recorded =
      side === 'caller'
        ? routing.routeForCallee(this.#id, this.#ends.caller)
        : routing.routeForCaller(this.#id, this.#ends);
  }

  answered(response: SipResponse): RouteRewrite | undefined {
    if (this.#id === undefined || response.status >= 300) return this.#rewrite;
    if (response.status >= 200) {
      this.#ends = this.#endsAfter(response);
      Object.assign(this.#dialog, this.#ends);
      this.#table.remember(this.#dialog);
    }
    return (this.#rewrite = { user: this.recorded.token, to: this.#routeForSender(this.#id).value });
  }

  finished(): void {
    this.#id = undefined;
  }

  #endsAfter(response: SipResponse): DialogEnds {
    const { caller, callee } = this.#ends;
    if (this.#side === 'caller') return { caller, callee: this.#routing.calleeEndAfter(response, callee) };
    const { transport } = caller;
    const endpoint = targetAt(caller.endpoint, response.contact?.uri, transport.protocol);
    return { caller: { endpoint, transport }, callee };
  }

  #routeForSender(id: DialogId): RecordedRoute {
    return this.#side === 'caller'
      ? this.#routing.routeForCaller(id, this.#ends)
      : this.#routing.routeForCallee(id, this.#ends.caller);
  }
}

/** For a request that changes nothing about its dialog. */
export const UNWATCHED: DialogWatch = { answered() {}, finished() {} };
