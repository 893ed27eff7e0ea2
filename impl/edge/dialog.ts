import { ipv4Number, formatIpv4Address } from '../net/ipv4.ts';
import type { SocketAddress } from '../net/socket_address.ts';
import { ownCopy } from '../runtime/own_copy.ts';
import { Timer, type TimerOwner, type TimerWheel } from '../runtime/timer_wheel.ts';
import type { SipMessage, SipRequest, SipResponse } from '../sip/message.ts';
import { parseNameAddrs } from '../sip/name_addr.ts';
import type { Destination, Transport } from '../sip/transport.ts';
import type { SipUri } from '../sip/uri.ts';
import { DEFAULT_PORT } from '../sip/via.ts';
import { EndedDialogs } from './ended_dialogs.ts';
import type { OwnAddresses } from './own_address.ts';
import type { DialogId } from './route_token.ts';

/** A dialog that is silent for this long is forgotten: its BYE was lost. */
export const SILENCE_MS = 12 * 60 * 60 * 1000;

/** A side of a dialog: who sent its INVITE, or who answered it. */
export type Side = 'caller' | 'callee';

/** One of a dialog's two ends: where requests to it go, and by which socket. */
export interface DialogEnd {
  readonly endpoint: Destination;
  readonly transport: Transport;
}

/** The end of the callee. */
export interface CalleeEnd extends DialogEnd {
  /** Whether it is a proxy on the callee's side that has recorded a route. */
  readonly isBehindProxy: boolean;
}

/** Both ends of a dialog. */
export interface DialogEnds {
  readonly caller: DialogEnd;
  readonly callee: CalleeEnd;
}

/**
 * A dialog through this edge (RFC 3261 section 12) that this process remembers. It admits and routes the dialog's
 * requests, whatever their Route and Request-URI say: the Request-URI may name the remote target or the application's
 * SIP URI (rule sip.dialog.in-route).
 */
export class Dialog implements DialogEnds, TimerOwner<'silence'> {
  readonly key: string;
  readonly silence = new Timer<'silence'>(this);
  caller: DialogEnd;
  callee: CalleeEnd;
  /** Whether a 2xx has confirmed it; until then it is early. */
  isConfirmed = false;
  readonly #table: DialogTable;

  constructor(table: DialogTable, key: string, caller: DialogEnd, callee: CalleeEnd) {
    this.#table = table;
    this.key = key;
    this.caller = caller;
    this.callee = callee;
  }

  timerFired(): void {
    this.#table.forget(this);
  }
}

/** An in-dialog request's dialog, and the side it comes from. */
export interface KnownDialog {
  readonly dialog: Dialog;
  readonly from: Side;
}

/** The dialogs this edge set up, by Call-ID and both tags (RFC 3261 12). Only admitted calls make entries. */
export class DialogTable {
  readonly #wheel: TimerWheel;
  readonly #platformAddress: string;
  readonly #dialogs = new Map<string, Dialog>();
  readonly #ended: EndedDialogs;
  #emptied: (() => void) | undefined;

  /** Requests from the callee may come from any port of `platformAddress`. */
  constructor(wheel: TimerWheel, platformAddress: string) {
    this.#wheel = wheel;
    this.#platformAddress = platformAddress;
    this.#ended = new EndedDialogs(wheel);
  }

  get size(): number {
    return this.#dialogs.size;
  }

  /** The dialog of a request that comes from one of the dialog's two sides; undefined for every other request. */
  find(request: SipRequest, source: SocketAddress): KnownDialog | undefined {
    const asCaller = this.#dialogs.get(dialogKeyIn(request, 'caller'));
    if (asCaller !== undefined) {
      return source.address === asCaller.caller.endpoint.address
        ? { dialog: asCaller, from: 'caller' }
        : undefined;
    }
    const asCallee = this.#dialogs.get(dialogKeyIn(request, 'callee'));
    if (asCallee === undefined) return undefined;
    const isCallee =
      source.address === this.#platformAddress || source.address === asCallee.callee.endpoint.address;
    return isCallee ? { dialog: asCallee, from: 'callee' } : undefined;
  }

  /** Whether the request belongs to a dialog that has ended lately. */
  hasEnded(request: SipRequest): boolean {
    return this.#ended.has(dialogKeyIn(request, 'caller')) || this.#ended.has(dialogKeyIn(request, 'callee'));
  }

  /**
   * The dialog that a response with a To tag begins or confirms; undefined if it has ended already. What comes again
   * changes nothing: the callee may have moved since.
   */
  begun(response: SipResponse, caller: DialogEnd, callee: CalleeEnd): Dialog | undefined {
    const key = dialogKey(response.callId, response.from.tag, response.to.tag);
    let dialog = this.#dialogs.get(key);
    if (dialog === undefined) {
      if (this.#ended.has(key)) return undefined;
      dialog = new Dialog(this, ownCopy(key), caller, callee);
      this.#dialogs.set(dialog.key, dialog);
    }
    if (!dialog.isConfirmed) {
      dialog.callee = callee;
      dialog.isConfirmed = response.status >= 200;
      this.#listenTo(dialog);
    }
    return dialog;
  }

  /** A dialog that a token has proved, for a request from that side; it is not remembered. */
  proved(request: SipRequest, side: Side, { caller, callee }: DialogEnds): Dialog {
    return new Dialog(this, ownCopy(dialogKeyIn(request, side)), caller, callee);
  }

  /** Remembers from now on a dialog that was proved, unless it has ended or is known. */
  remember(dialog: Dialog): void {
    if (this.#dialogs.has(dialog.key) || this.#ended.has(dialog.key)) return;
    dialog.isConfirmed = true;
    this.#dialogs.set(dialog.key, dialog);
    this.#listenTo(dialog);
  }

  /** Ends the dialog with that key, whether it is remembered here or by another process. */
  end(key: string): void {
    this.#ended.add(key);
    const dialog = this.#dialogs.get(key);
    if (dialog !== undefined) this.forget(dialog);
  }

  /** Resolves as soon as there is no dialog. */
  whenEmpty(): Promise<void> {
    if (this.#dialogs.size === 0) return Promise.resolve();
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#emptied = resolve;
    return promise;
  }

  /** A side sent something in the dialog: its silence starts anew, if it is remembered. */
  heard(dialog: Dialog): void {
    if (dialog.silence.event !== undefined) this.#listenTo(dialog);
  }

  /** Removes the dialog. It may begin anew. */
  forget(dialog: Dialog): void {
    this.#wheel.stop(dialog.silence);
    this.#dialogs.delete(dialog.key);
    if (this.#dialogs.size === 0) this.#emptied?.();
  }

  #listenTo(dialog: Dialog): void {
    this.#wheel.start(dialog.silence, 'silence', SILENCE_MS);
  }
}

/**
 * Where requests to the caller go: if its Contact names the address its packets come from, to the Contact's port, else
 * to the port they come from. Never to another address: the caller could aim it at a third party, and behind a NAT it
 * reaches nobody. Over TCP the caller's connection is tried first (RFC 5923 3).
 */
export function callerEnd(request: SipRequest, source: SocketAddress, transport: Transport): DialogEnd {
  return { endpoint: targetAt(source, request.contact?.uri, transport.protocol), transport };
}

/** The endpoint after its target became `uri` (RFC 3261 12.2.1.1); unchanged if `uri` is on another address. */
export function targetAt(
  known: SocketAddress,
  uri: SipUri | undefined,
  protocol: Transport['protocol'],
): Destination {
  if (uri === undefined || uri.host !== known.address) return known;
  const target = { address: known.address, port: uri.port ?? DEFAULT_PORT };
  return protocol === 'UDP' ? target : { ...known, otherwise: target };
}

/**
 * Where requests to the callee go: to the next proxy on its side that recorded a route, else to the Contact
 * (RFC 3261 12.1.2). The endpoint is undefined if that is a name, not an address.
 */
export function calleeEndpoint(
  response: SipResponse,
  own: OwnAddresses,
): { readonly endpoint: SocketAddress | undefined; readonly isBehindProxy: boolean } {
  let beforeOwn: SipUri | undefined;
  for (const value of response.values('record-route')) {
    for (const { uri } of parseNameAddrs(value) ?? []) {
      const isOwn = uri !== undefined && own.isSocket(uri.host, uri.port);
      if (isOwn && beforeOwn !== undefined)
        return { endpoint: literalEndpoint(beforeOwn), isBehindProxy: true };
      if (isOwn) return { endpoint: contactEndpoint(response), isBehindProxy: false };
      beforeOwn = uri;
    }
  }
  return { endpoint: contactEndpoint(response), isBehindProxy: false };
}

/** The address in the Contact of a message; undefined if it holds a name, or there is none. */
export function contactEndpoint(message: SipMessage): SocketAddress | undefined {
  const contact = message.contact?.uri;
  return contact && literalEndpoint(contact);
}

function literalEndpoint({ host, port }: SipUri): SocketAddress | undefined {
  const address = ipv4Number(host);
  // A new string: a slice would keep the whole message in memory as long as the dialog lasts.
  return address === undefined
    ? undefined
    : { address: formatIpv4Address(address), port: port ?? DEFAULT_PORT };
}

/** The key of the dialog to which a request from that side belongs. */
export function dialogKeyIn({ callId, from, to }: SipRequest, side: Side): string {
  return side === 'caller' ? dialogKey(callId, from.tag, to.tag) : dialogKey(callId, to.tag, from.tag);
}

/** The dialog to which a request from that side belongs, or a response to one. */
export function dialogIdIn({ callId, from, to }: SipRequest | SipResponse, side: Side): DialogId {
  const [caller, callee] = side === 'caller' ? [from, to] : [to, from];
  return { callId, callerTag: caller.tag ?? '', calleeTag: callee.tag ?? '' };
}

/** The bar keeps keys from looking like integers, whose hashes a client could foresee. */
function dialogKey(callId: string, callerTag: string | undefined, calleeTag: string | undefined): string {
  return `${callerTag ?? ''}|${calleeTag ?? ''}|${callId}`;
}
