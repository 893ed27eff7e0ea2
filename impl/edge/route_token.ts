import { timingSafeEqual } from 'node:crypto';

import { ipv4Number, formatIpv4Address } from '../net/ipv4.ts';
import type { SocketAddress } from '../net/socket_address.ts';
import { KeyedHash } from '../runtime/keyed_hash.ts';
import type { Transport } from '../sip/transport.ts';

/** A transport protocol, as Via spells it. */
export type Protocol = Transport['protocol'];

/** Who holds a token. The callee's also says how the caller came: over TCP, its connection is the way back. */
const KINDS = ['caller', 'callee of a UDP caller', 'callee of a TCP caller'] as const;

const ENDPOINT_AT = 1;
const MAC_AT = ENDPOINT_AT + 6;
const MAC_OCTETS = 14;
/** 21 octets fill 28 characters of base64url without a spare bit, so a token has only one spelling. */
const TOKEN = /^[A-Za-z0-9_-]{28}$/;

/** What identifies a dialog (RFC 3261 12), tags by side. */
export interface DialogId {
  readonly callId: string;
  readonly callerTag: string;
  readonly calleeTag: string;
}

/** What a token says. Nothing of it is proved before `isCallers` or `isCallees`. */
export type RouteToken =
  | { readonly holder: 'caller'; readonly callee: SocketAddress; readonly octets: Buffer }
  | {
      readonly holder: 'callee';
      readonly caller: SocketAddress;
      readonly protocol: Protocol;
      readonly octets: Buffer;
    };

/**
 * The user part of this edge's Record-Route URIs: what is needed to route an in-dialog request, under a MAC. Each
 * side gets its own token (the response's Record-Route is rewritten, RFC 3261 16.7 step 8), so a token also proves
 * which side holds it. Every process with the key can route by it: any worker, also after a restart.
 */
export class RouteTokens {
  readonly #keyed: KeyedHash;

  /** `key` of 16 to 64 octets. */
  constructor(key: Buffer) {
    this.#keyed = new KeyedHash(key);
  }

  /** The callee's token, made before its tag is known: where the caller is. */
  forCallee(callId: string, callerTag: string, caller: SocketAddress, protocol: Protocol): string {
    const octets = unsigned(protocol === 'UDP' ? 1 : 2, caller);
    return this.#signed(octets, calleeClaim(callId, callerTag));
  }

  /** The caller's token, valid from `callerAddress` only: where the callee is. */
  forCaller(dialog: DialogId, callerAddress: string, callee: SocketAddress): string {
    return this.#signed(unsigned(0, callee), callerClaim(dialog, callerAddress));
  }

  /** Whether the caller's token was issued for this dialog, to a caller at this address. */
  isCallers(token: RouteToken, dialog: DialogId, callerAddress: string): boolean {
    return token.holder === 'caller' && this.#isRight(token.octets, callerClaim(dialog, callerAddress));
  }

  /** Whether the callee's token was issued for a call with this Call-ID and caller's tag. */
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

/** The token in a URI's user part; undefined if the user part is not a token. */
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

// No Call-ID, tag or address holds a line break, so it separates them without ambiguity.
function calleeClaim(callId: string, callerTag: string): string {
  return `${callId}\n${callerTag}`;
}

function callerClaim({ callId, callerTag, calleeTag }: DialogId, callerAddress: string): string {
  return `${callId}\n${callerTag}\n${calleeTag}\n${callerAddress}`;
}
