import { timingSafeEqual } from 'node:crypto';

import { ipv4Number, formatIpv4Address } from '../net/ipv4.ts';
import type { SocketAddress } from '../net/socket_address.ts';
import { KeyedHash } from '../runtime/keyed_hash.ts';
import type { Destination, Transport } from '../sip/transport.ts';

/** A transport protocol, as Via spells it. */
export type Protocol = Transport['protocol'];

/** Who holds a token. The callee's also says how the caller came: over TCP, its connection is the way back. */
const KINDS = ['caller', 'callee of a UDP caller', 'callee of a TCP caller'] as const;

const ADDRESS_AT = 1;
const PORT_AT = 5;
const OTHERWISE_AT = 7;
const EXPIRY_AT = 9;
const ISSUER_AT = 13;
const MAC_AT = 16;
const MAC_OCTETS = 14;
/** 30 octets fill 40 characters of base64url without a spare bit, so a token has only one spelling. */
const TOKEN = /^[A-Za-z0-9_-]{40}$/;
const SECOND_MS = 1000;

/** How many octets identify the process that issues tokens. */
export const ISSUER_OCTETS = MAC_AT - ISSUER_AT;

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
      readonly caller: Destination;
      readonly protocol: Protocol;
      readonly octets: Buffer;
    };

/** What tokens are made with. */
export interface RouteTokenParts {
  /** 16 to 64 octets. */
  readonly key: Buffer;
  /** `ISSUER_OCTETS` that no other process has. */
  readonly issuer: Buffer;
  /** How long a token is valid, in milliseconds. */
  readonly lifetimeMs: number;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

/**
 * The user part of this edge's Record-Route URIs: what is needed to route an in-dialog request, and how long, under a
 * MAC. Each side gets its own token (the response's Record-Route is rewritten, RFC 3261 16.7 step 8), so a token also
 * proves which side holds it. Every process with the key can route by it: any worker, also after a restart.
 */
export class RouteTokens {
  readonly #keyed: KeyedHash;
  readonly #issuer: Buffer;
  readonly #lifetimeMs: number;
  readonly #now: () => number;

  constructor({ key, issuer, lifetimeMs, now }: RouteTokenParts) {
    this.#keyed = new KeyedHash(key);
    this.#issuer = issuer;
    this.#lifetimeMs = lifetimeMs;
    this.#now = now;
  }

  /** The callee's token, made before its tag is known: where the caller is. */
  forCallee(callId: string, callerTag: string, caller: Destination, protocol: Protocol): string {
    return this.#signed(protocol === 'UDP' ? 1 : 2, caller, calleeClaim(callId, callerTag));
  }

  /** The caller's token, valid from `callerAddress` only: where the callee is. */
  forCaller(dialog: DialogId, callerAddress: string, callee: SocketAddress): string {
    return this.#signed(0, callee, callerClaim(dialog, callerAddress));
  }

  /** Whether the caller's token was issued for this dialog, to a caller at this address, and has not expired. */
  isCallers(token: RouteToken, dialog: DialogId, callerAddress: string): boolean {
    return token.holder === 'caller' && this.#isRight(token.octets, callerClaim(dialog, callerAddress));
  }

  /** Whether the callee's token was issued for a call with this Call-ID and caller's tag, and has not expired. */
  isCallees(token: RouteToken, callId: string, callerTag: string): boolean {
    return token.holder === 'callee' && this.#isRight(token.octets, calleeClaim(callId, callerTag));
  }

  /** Whether this process issued the token, if it is right. */
  isOwn({ octets }: RouteToken): boolean {
    return octets.compare(this.#issuer, 0, ISSUER_OCTETS, ISSUER_AT, MAC_AT) === 0;
  }

  #signed(kind: number, { address, port, otherwise }: Destination, claim: string): string {
    const octets = Buffer.allocUnsafe(MAC_AT + MAC_OCTETS);
    octets[0] = kind;
    octets.writeUInt32BE(ipv4Number(address) ?? 0, ADDRESS_AT);
    octets.writeUInt16BE(port, PORT_AT);
    octets.writeUInt16BE(otherwise?.port ?? 0, OTHERWISE_AT);
    octets.writeUInt32BE(Math.floor((this.#now() + this.#lifetimeMs) / SECOND_MS), EXPIRY_AT);
    this.#issuer.copy(octets, ISSUER_AT);
    this.#mac(octets, claim).copy(octets, MAC_AT, 0, MAC_OCTETS);
    return octets.toString('base64url');
  }

  #isRight(octets: Buffer, claim: string): boolean {
    const mac = this.#mac(octets, claim).subarray(0, MAC_OCTETS);
    return (
      timingSafeEqual(mac, octets.subarray(MAC_AT)) &&
      this.#now() <= octets.readUInt32BE(EXPIRY_AT) * SECOND_MS
    );
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
  const address = formatIpv4Address(octets.readUInt32BE(ADDRESS_AT));
  const endpoint = { address, port: octets.readUInt16BE(PORT_AT) };
  if (kind === 'caller') return { holder: 'caller', callee: endpoint, octets };
  const otherwise = octets.readUInt16BE(OTHERWISE_AT);
  const caller = otherwise === 0 ? endpoint : { ...endpoint, otherwise: { address, port: otherwise } };
  const protocol = kind === 'callee of a UDP caller' ? 'UDP' : 'TCP';
  return { holder: 'callee', caller, protocol, octets };
}

// No Call-ID, tag or address holds a line break, so it separates them without ambiguity.
function calleeClaim(callId: string, callerTag: string): string {
  return `${callId}\n${callerTag}`;
}

function callerClaim({ callId, callerTag, calleeTag }: DialogId, callerAddress: string): string {
  return `${callId}\n${callerTag}\n${calleeTag}\n${callerAddress}`;
}
