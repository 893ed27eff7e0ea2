import { timingSafeEqual } from 'node:crypto';

import { KeyedHash } from '../runtime/keyed_hash.ts';
import type { Random } from '../runtime/random.ts';

/** State of a nonce: `forged` was never issued under this key, `foreign` was issued by another process with the key. */
export type NonceState = 'valid' | 'expired' | 'foreign' | 'forged';

/** A nonce's state and age. */
export interface CheckedNonce {
  readonly state: NonceState;
  /** Milliseconds of its issuer's clock; 0 for a forged nonce. */
  readonly issuedAt: number;
}

const TIME_OCTETS = 6;
const ISSUER_OCTETS = 4;
const COUNT_OCTETS = 4;
const MAC_OCTETS = 16;
const COUNT_AT = TIME_OCTETS + ISSUER_OCTETS;
const SIGNED_OCTETS = COUNT_AT + COUNT_OCTETS;
/** 30 octets fill 40 characters of base64url without a spare bit, so a nonce has only one spelling. */
const NONCE = /^[A-Za-z0-9_-]{40}$/;
const FORGED: CheckedNonce = { state: 'forged', issuedAt: 0 };

/**
 * Stateless nonces (RFC 7616 3.3): time of issue, issuer and a running number under an HMAC. Nonce-counts are known only
 * where they were accepted. So each process is an issuer of its own, drawn at its start, and takes only its own nonces:
 * no nonce that another edge or an earlier process accepted can be replayed. With the same key it recognises theirs,
 * and may tell their client that they are stale.
 *
 * All times are milliseconds of one clock that never goes back. It may begin anew with each process.
 */
export class NonceIssuer {
  readonly #keyed: KeyedHash;
  readonly #lifetimeMs: number;
  readonly #issuer: Buffer;
  #count = 0;

  /** `key`: 16 to 64 octets. `lifetimeMs`: how long a nonce is valid. */
  constructor(key: Buffer, lifetimeMs: number, random: Random) {
    this.#keyed = new KeyedHash(key);
    this.#lifetimeMs = lifetimeMs;
    this.#issuer = random.bytes(ISSUER_OCTETS);
  }

  /** A nonce that was never issued before. */
  issue(now: number): string {
    const octets = Buffer.allocUnsafe(SIGNED_OCTETS + MAC_OCTETS);
    octets.writeUIntBE(Math.floor(now), 0, TIME_OCTETS);
    this.#issuer.copy(octets, TIME_OCTETS);
    this.#count = (this.#count + 1) % 2 ** 32;
    octets.writeUInt32BE(this.#count, COUNT_AT);
    this.#mac(octets).copy(octets, SIGNED_OCTETS, 0, MAC_OCTETS);
    return octets.toString('base64url');
  }

  /** Checks a nonce that a client sent. */
  check(nonce: string, now: number): CheckedNonce {
    if (!NONCE.test(nonce)) return FORGED;
    const octets = Buffer.from(nonce, 'base64url');
    const mac = this.#mac(octets).subarray(0, MAC_OCTETS);
    if (!timingSafeEqual(mac, octets.subarray(SIGNED_OCTETS))) return FORGED;
    const issuedAt = octets.readUIntBE(0, TIME_OCTETS);
    const isOwn = this.#issuer.compare(octets, TIME_OCTETS, COUNT_AT) === 0;
    if (!isOwn) return { state: 'foreign', issuedAt };
    return { state: now - issuedAt <= this.#lifetimeMs ? 'valid' : 'expired', issuedAt };
  }

  #mac(octets: Buffer): Buffer {
    return this.#keyed.digest(octets.toString('latin1', 0, SIGNED_OCTETS));
  }
}
