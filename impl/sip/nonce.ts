import { timingSafeEqual } from 'node:crypto';

import { KeyedHash } from '../runtime/keyed_hash.ts';
import type { Random } from '../runtime/random.ts';

/** What a nonce is worth: `forged` is one never issued under this key, `foreign` one of another issuer's. */
export type NonceState = 'valid' | 'expired' | 'foreign' | 'forged';

export interface CheckedNonce {
  readonly state: NonceState;
  /** Milliseconds since the epoch; 0 for a forged nonce. */
  readonly issuedAt: number;
}

const TIME_OCTETS = 6;
const RANDOM_OCTETS = 8;
const MAC_OCTETS = 16;
const SIGNED_OCTETS = TIME_OCTETS + RANDOM_OCTETS;
/** 30 octets fill 40 characters of base64url without a spare bit: a nonce has one spelling. */
const NONCE = /^[A-Za-z0-9_-]{40}$/;
const FORGED: CheckedNonce = { state: 'forged', issuedAt: 0 };

/**
 * Stateless nonces (RFC 7616 3.3): time of issue and a random part under an HMAC. Whoever holds the key accepts them,
 * so several edges share them by sharing the key. Where nonce-counts are to be strict although each of several
 * processes counts for itself, each is an issuer of its own, and knows what it has not issued.
 */
export class NonceIssuer {
  readonly #keyed: KeyedHash;
  readonly #lifetimeMs: number;
  readonly #random: Random;
  readonly #issuer: Buffer | undefined;

  /** `key` is of 16 to 64 octets; `lifetimeMs` is how long a nonce is valid; `issuer` is of 4 octets. */
  constructor(key: Buffer, lifetimeMs: number, random: Random, issuer?: Buffer) {
    this.#issuer = issuer;
    this.#keyed = new KeyedHash(key);
    this.#lifetimeMs = lifetimeMs;
    this.#random = random;
  }

  /** A nonce that was never issued before; `now` in milliseconds since the epoch. */
  issue(now: number): string {
    const octets = Buffer.allocUnsafe(SIGNED_OCTETS + MAC_OCTETS);
    octets.writeUIntBE(Math.floor(now), 0, TIME_OCTETS);
    this.#random.bytes(RANDOM_OCTETS).copy(octets, TIME_OCTETS);
    this.#issuer?.copy(octets, TIME_OCTETS);
    this.#mac(octets).copy(octets, SIGNED_OCTETS, 0, MAC_OCTETS);
    return octets.toString('base64url');
  }

  check(nonce: string, now: number): CheckedNonce {
    if (!NONCE.test(nonce)) return FORGED;
    const octets = Buffer.from(nonce, 'base64url');
    const mac = this.#mac(octets).subarray(0, MAC_OCTETS);
    if (!timingSafeEqual(mac, octets.subarray(SIGNED_OCTETS))) return FORGED;
    const issuedAt = octets.readUIntBE(0, TIME_OCTETS);
    const isForeign =
      this.#issuer !== undefined &&
      this.#issuer.compare(octets, TIME_OCTETS, TIME_OCTETS + this.#issuer.length) !== 0;
    if (isForeign) return { state: 'foreign', issuedAt };
    return { state: now - issuedAt <= this.#lifetimeMs ? 'valid' : 'expired', issuedAt };
  }

  #mac(octets: Buffer): Buffer {
    return this.#keyed.digest(octets.toString('latin1', 0, SIGNED_OCTETS));
  }
}
