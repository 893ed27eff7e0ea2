/** A source's prefix, of 24 bits: who has one address of it often has them all. */
const PREFIX_BITS = 24;

/** The prefix that a source address (unsigned 32 bit) is counted by. */
export function budgetPrefix(source: number): number {
  return source >>> (32 - PREFIX_BITS);
}

/**
 * The octets that one kind of work may hold in memory, in all and by source prefix. It is an account only: whoever holds
 * something says how much, and says when it is gone.
 */
export class MemoryBudget {
  readonly #octets: number;
  readonly #octetsAPrefix: number;
  readonly #byPrefix = new Map<number, number>();
  #held = 0;

  /** `octets`: how many may be held in all. `prefixShare`: which part of them one prefix may hold, 0 to 1. */
  constructor(octets: number, prefixShare = 1) {
    this.#octets = octets;
    this.#octetsAPrefix = octets * prefixShare;
  }

  /** Octets held now. */
  get held(): number {
    return this.#held;
  }

  /** Whether more work of that prefix may be taken on. */
  hasRoom(prefix: number): boolean {
    return this.#held < this.#octets && (this.#byPrefix.get(prefix) ?? 0) < this.#octetsAPrefix;
  }

  /** Holds octets, room or not; fewer than none are given back. */
  hold(prefix: number, octets: number): void {
    this.#held += octets;
    const held = (this.#byPrefix.get(prefix) ?? 0) + octets;
    if (held > 0) this.#byPrefix.set(prefix, held);
    else this.#byPrefix.delete(prefix);
  }
}
