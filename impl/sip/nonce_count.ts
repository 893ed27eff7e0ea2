const MAX_NONCES_A_GENERATION = 262_144;

interface Generation {
  readonly startedAt: number;
  readonly highest: Map<string, number>;
}

/**
 * The highest nonce-count accepted for each nonce (RFC 7616 3.4.5). It learns a count only when told that the digest
 * was right, so nobody without the password can move it. Memory is bounded: two generations, the older one dropped
 * after a nonce's lifetime or when the younger is full. A nonce it may have forgotten counts as replayed, which
 * costs its client one more challenge.
 */
export class NonceCounts {
  readonly #lifetimeMs: number;
  readonly #capacity: number;
  #younger: Generation;
  #older: Generation;

  /** `lifetimeMs` is the nonces' own; `now` in milliseconds since the epoch, as in every call. */
  constructor(lifetimeMs: number, now: number, capacity = MAX_NONCES_A_GENERATION) {
    this.#lifetimeMs = lifetimeMs;
    this.#capacity = capacity;
    // What this process has not seen may have been used at an earlier one: nonces from before it are not refused,
    // as several edges share one key.
    this.#older = { startedAt: 0, highest: new Map() };
    this.#younger = { startedAt: now, highest: new Map() };
  }

  /** How many nonces are remembered. */
  get size(): number {
    return this.#older.highest.size + this.#younger.highest.size;
  }

  /** Whether `count` of a nonce issued at `issuedAt` was used before, or a higher one was. */
  isReplayed(nonce: string, issuedAt: number, count: number): boolean {
    const highest = this.#younger.highest.get(nonce) ?? this.#older.highest.get(nonce);
    return highest === undefined ? issuedAt < this.#older.startedAt : count <= highest;
  }

  /** Remembers a count whose digest was found right. */
  accepted(nonce: string, count: number, now: number): void {
    if (now - this.#younger.startedAt > this.#lifetimeMs || this.#younger.highest.size >= this.#capacity) {
      this.#older = this.#younger;
      this.#younger = { startedAt: now, highest: new Map() };
    }
    // Copied: a slice of the message would keep the whole of it in memory for as long as the nonce lasts.
    this.#younger.highest.set(Buffer.from(nonce, 'latin1').toString('latin1'), count);
  }
}
