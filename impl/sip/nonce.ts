import { timingSafeEqual } from 'node:crypto';

import { KeyedHash } from '../runtime/keyed_hash.ts';
import type { Random } from '../runtime/random.ts';

/** State of a nonce: `forged` was never issued under this key, `foreign` was issued by another issuer with the key. */
export type NonceState = 'valid' | 'expired' | 'foreign' | 'forged';

/** A nonce's state and age. */
export interface CheckedNonce {
  readonly state: NonceState;
  /** Milliseconds since the epoch; 0 for a forged nonce. */
  readonly issuedAt: number;
}

const TIME_OCTETS = 6;
const RANDOM_OCTETS = 8;
const MAC_OCTETS = 16;
const SIGNED_OCTETS = TIME_OCTETS + RANDOM_OCTETS;
/** 30 octets fill 40 characters of base64url without a spare bit, so a nonce has only one spelling. */
const NONCE = /^[A-Za-z0-9_-]{40}$/;
const FORGED: CheckedNonce = { state: 'forged', issuedAt: 0 };

/**
 * Stateless nonces (RFC 7616 3.3): time of issue and a random part under an HMAC. Everyone with the key can check them,
 * so edges that share the key share nonces. Several processes that each count nonce-counts need an `issuer` each: a
 * process then sees that it has not issued a nonce and does not know its counts.
 */
export class NonceIssuer {
  readonly #keyed: KeyedHash;
  readonly #lifetimeMs: number;
  readonly #random: Random;
  readonly #issuer: Buffer | undefined;

  /** `key`: 16 to 64 octets. `lifetimeMs`: how long a nonce is valid. `issuer`: 4 octets. */
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

  /** Checks a nonce that a client sent; `now` in milliseconds since the epoch. */
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
