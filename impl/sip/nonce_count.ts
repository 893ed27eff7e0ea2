import { ownCopy } from '../runtime/own_copy.ts';

const MAX_NONCES_A_GENERATION = 262_144;

interface Generation {
  readonly startedAt: number;
  readonly highest: Map<string, number>;
}

/**
 * The highest nonce-count accepted for each nonce (RFC 7616 3.4.5). Only a right digest makes it learn a count, so
 * nobody without the password can raise it. Memory is bounded: of two generations the older one is dropped after a
 * nonce's lifetime, or when the younger is full. A nonce that may have been forgotten, or that is older than this
 * memory, counts as replayed, which costs its client one more challenge.
 *
 * All times are milliseconds of the clock of the nonces' issuer.
 */
export class NonceCounts {
  readonly #lifetimeMs: number;
  readonly #capacity: number;
  #younger: Generation;
  #older: Generation;

  /** `lifetimeMs`: that of the nonces. */
  constructor(lifetimeMs: number, now: number, capacity = MAX_NONCES_A_GENERATION) {
    this.#lifetimeMs = lifetimeMs;
    this.#capacity = capacity;
    this.#older = { startedAt: now, highest: new Map() };
    this.#younger = { startedAt: now, highest: new Map() };
  }

  /** How many nonces are remembered. */
  get size(): number {
    return this.#older.highest.size + this.#younger.highest.size;
  }

  /** Whether `count`, or a higher one, was used before with this nonce, which was issued at `issuedAt`. */
  isReplayed(nonce: string, issuedAt: number, count: number): boolean {
    const highest = this.#younger.highest.get(nonce) ?? this.#older.highest.get(nonce);
    return highest === undefined ? issuedAt < this.#older.startedAt : count <= highest;
  }

  /** Remembers a count whose digest was right. */
  accepted(nonce: string, count: number, now: number): void {
    if (now - this.#younger.startedAt > this.#lifetimeMs || this.#younger.highest.size >= this.#capacity) {
      this.#older = this.#younger;
      this.#younger = { startedAt: now, highest: new Map() };
    }
    this.#younger.highest.set(ownCopy(nonce), count);
  }
}
