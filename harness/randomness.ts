import { createHash, randomInt } from 'node:crypto';

/** Seeds are whole numbers from 1 to below this one. */
export const SEEDS_BELOW = 2 ** 32;

/** A random seed. */
export function freshSeed(): number {
  return randomInt(1, SEEDS_BELOW);
}

/** The seed of a repeat; repeats count from 1. The first has the run's own seed: one repeat equals a plain run. */
export function seedOfRepeat(seed: number, repeat: number): number {
  return repeat === 1 ? seed : new Randomness(seed).fork(`repeat ${repeat}`).integer(1, SEEDS_BELOW);
}

/**
 * Makes up the random values of the traffic: Call-IDs, tags, cnonces, ports, addresses. Equal seeds give equal values
 * in equal order. Not for secrets: who knows the seed knows every value.
 */
export class Randomness {
  readonly #key: string;
  #drawn = 0;

  constructor(seed: number | string) {
    this.#key = String(seed);
  }

  /** A separate source under this name. Its values do not depend on what is drawn elsewhere, or when. */
  fork(name: string): Randomness {
    return new Randomness(`${this.#key}/${name}`);
  }

  /** A whole number from `from` to below `below`. */
  integer(from: number, below: number): number {
    return from + (this.#octets(6).readUIntBE(0, 6) % (below - from));
  }

  /** This many octets, 32 at most, as hexadecimal digits. */
  hex(octets: number): string {
    return this.#octets(octets).toString('hex');
  }

  /** A random UUID (RFC 9562 section 5.4). */
  uuid(): string {
    const octets = this.#octets(16);
    octets[6] = ((octets[6] ?? 0) & 0x0f) | 0x40;
    octets[8] = ((octets[8] ?? 0) & 0x3f) | 0x80;
    return octets.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
  }

  #octets(count: number): Buffer {
    const block = createHash('sha256').update(`${this.#key} ${this.#drawn}`).digest();
    this.#drawn += 1;
    return block.subarray(0, count);
  }
}
