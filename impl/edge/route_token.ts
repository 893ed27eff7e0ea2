import { timingSafeEqual } from 'node:crypto';

import { ipv4Number, formatIpv4Address } from '../net/ipv4.ts';
import type { SocketAddress } from '../net/socket_address.ts';
import { KeyedHash } from '../runtime/keyed_hash.ts';
import type { Transport } from '../sip/transport.ts';

export type Protocol = Transport['protocol'];

/** Which of a dialog's ends a token was given to; over TCP the caller's connection is the way back to it. */
const KINDS = ['caller', 'callee of a UDP caller', 'callee of a TCP caller'] as const;

const ENDPOINT_AT = 1;
const MAC_AT = ENDPOINT_AT + 6;
const MAC_OCTETS = 14;
/** 21 octets fill 28 characters of base64url without a spare bit: a token has one spelling. */
const TOKEN = /^[A-Za-z0-9_-]{28}$/;

/** What identifies a dialog (RFC 3261 12), tags by side. */
export interface DialogId {
  readonly callId: string;
  readonly callerTag: string;
  readonly calleeTag: string;
}

/** What a token says, before anything of it is proved. */
export type RouteToken =
  | { readonly holder: 'caller'; readonly callee: SocketAddress; readonly octets: Buffer }
  | {
      readonly holder: 'callee';
      readonly caller: SocketAddress;
      readonly protocol: Protocol;
      readonly octets: Buffer;
    };

/**
 * The user part of this edge's Record-Route URIs: what is needed to route a request of the dialog, under a MAC. Each
 * side gets a token of its own (the response's Record-Route is rewritten, RFC 3261 16.7 step 8), so that a token also
 * proves the side that holds it. Whoever has the key routes by it: any worker, and the next process after this one.
 */
export class RouteTokens {
  readonly #keyed: KeyedHash;

  /** `key` of 16 to 64 octets. */
  constructor(key: Buffer) {
    this.#keyed = new KeyedHash(key);
  }

  /** For the callee, before its tag is known: where the caller is. */
  forCallee(callId: string, callerTag: string, caller: SocketAddress, protocol: Protocol): string {
    const octets = unsigned(protocol === 'UDP' ? 1 : 2, caller);
    return this.#signed(octets, calleeClaim(callId, callerTag));
  }

  /** For the caller, who may use it from `callerAddress` only: where the callee is. */
  forCaller(dialog: DialogId, callerAddress: string, callee: SocketAddress): string {
    return this.#signed(unsigned(0, callee), callerClaim(dialog, callerAddress));
  }

  /** Whether the caller's token was issued for this dialog, to a caller at this address. */
  isCallers(token: RouteToken, dialog: DialogId, callerAddress: string): boolean {
    return token.holder === 'caller' && this.#isRight(token.octets, callerClaim(dialog, callerAddress));
  }

  /** Whether the callee's token was issued for a call of this Call-ID and caller's tag. */
  isCallees(token: RouteToken, callId: string, callerTag: string): boolean {
    return token.holder === 'callee' && this.#isRight(token.octets, calleeClaim(callId, callerTag));
  }

  #signed(octets: Buffer, claim: string): string {
    this.#mac(octets, claim).copy(octets, MAC_AT, 0, MAC_OCTETS);
    return octets.toString('base64url');
  }

  #isRight(octets: Buffer, claim: string): boolean {
    return timingSafeEqual(this.#mac(octets, claim).subarray(0, MAC_OCTETS), octets.subarray(MAC_AT));
  }

  #mac(octets: Buffer, claim: string): Buffer {
    return this.#keyed.digest(octets.toString('latin1', 0, MAC_AT) + claim);
  }
}

/** The token that a URI's user part is; undefined where it is none. */
export function parseRouteToken(user: string | undefined): RouteToken | undefined {
  if (user === undefined || !TOKEN.test(user)) return undefined;
  const octets = Buffer.from(user, 'base64url');
  const kind = KINDS[octets[0]!];
  if (kind === undefined) return undefined;
  const address = formatIpv4Address(octets.readUInt32BE(ENDPOINT_AT));
  const endpoint = { address, port: octets.readUInt16BE(ENDPOINT_AT + 4) };
  if (kind === 'caller') return { holder: 'caller', callee: endpoint, octets };
  const protocol = kind === 'callee of a UDP caller' ? 'UDP' : 'TCP';
  return { holder: 'callee', caller: endpoint, protocol, octets };
}

function unsigned(kind: number, { address, port }: SocketAddress): Buffer {
  const octets = Buffer.allocUnsafe(MAC_AT + MAC_OCTETS);
  octets[0] = kind;
  octets.writeUInt32BE(ipv4Number(address) ?? 0, ENDPOINT_AT);
  octets.writeUInt16BE(port, ENDPOINT_AT + 4);
  return octets;
}

// Neither a Call-ID nor a tag nor an address holds a line break, so it separates without ambiguity.
function calleeClaim(callId: string, callerTag: string): string {
  return `${callId}\n${callerTag}`;
}

function callerClaim({ callId, callerTag, calleeTag }: DialogId, callerAddress: string): string {
  return `${callId}\n${callerTag}\n${calleeTag}\n${callerAddress}`;
}
