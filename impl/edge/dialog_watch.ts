import type { SipRequest, SipResponse } from '../sip/message.ts';
import { calleeEndpoint, callerEndpoint } from './dialog.ts';
import type { Dialog, DialogEnd, DialogMatch, DialogTable } from './dialog.ts';
import type { OwnAddresses } from './own_address.ts';

/** Learns from a forwarded request's answers what becomes of its dialog. */
export interface DialogWatch {
  /** A response other than 100 came. */
  answered(response: SipResponse): void;
  /** No further answer is expected. */
  finished(): void;
}

/** Where the callee of a new call may be reached. */
export interface CalleePlaces {
  readonly own: OwnAddresses;
  /** The end at a given address; for undefined, the next hop's. */
  endAt(endpoint: DialogEnd['endpoint'] | undefined): DialogEnd;
}

/** The dialogs that an INVITE outside any dialog may begin: one a To tag (RFC 3261 12.1, 13.2.2.4). */
export class NewDialogs implements DialogWatch {
  readonly #table: DialogTable;
  readonly #caller: DialogEnd;
  readonly #places: CalleePlaces;
  #early: Dialog[] = [];

  constructor(table: DialogTable, caller: DialogEnd, places: CalleePlaces) {
    this.#table = table;
    this.#caller = caller;
    this.#places = places;
  }

  answered(response: SipResponse): void {
    if (response.to.tag === undefined || response.status >= 300) return;
    const callee = this.#places.endAt(calleeEndpoint(response, this.#places.own));
    const dialog = this.#table.begun(response, this.#caller, callee);
    if (response.status >= 200) this.#early = this.#early.filter((early) => early !== dialog);
    else if (!this.#early.includes(dialog)) this.#early.push(dialog);
  }

  finished(): void {
    for (const dialog of this.#early) this.#table.end(dialog);
    this.#early = [];
  }
}

/** The dialog that a request belongs to: its BYE ends it, INVITE and UPDATE may move its ends (RFC 3261 12.2). */
export class OngoingDialog implements DialogWatch {
  readonly #table: DialogTable;
  readonly #match: DialogMatch;
  readonly #request: SipRequest;
  readonly #source: DialogEnd['endpoint'];

  constructor(table: DialogTable, match: DialogMatch, request: SipRequest, source: DialogEnd['endpoint']) {
    this.#table = table;
    this.#match = match;
    this.#request = request;
    this.#source = source;
    table.heard(match.dialog);
  }

  answered(response: SipResponse): void {
    const { dialog, from } = this.#match;
    const { method } = this.#request;
    if (from !== 'caller' || response.status < 200 || response.status >= 300) return;
    if (method !== 'INVITE' && method !== 'UPDATE') return;
    dialog.caller = { ...dialog.caller, endpoint: callerEndpoint(this.#request, this.#source) };
  }

  finished(): void {
    if (this.#request.method === 'BYE') this.#table.end(this.#match.dialog);
  }
}
