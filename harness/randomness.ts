import { createHash, randomInt } from 'node:crypto';

/** Seeds are whole numbers from 1 up to and without this one. */
export const SEEDS_BELOW = 2 ** 32;

/** A seed nobody chose. */
export function freshSeed(): number {
  return randomInt(1, SEEDS_BELOW);
}

/** The seed of one of a run's repeats, which count from 1. The first has the run's own, so that 1 repeat is a run. */
export function seedOfRepeat(seed: number, repeat: number): number {
  return repeat === 1 ? seed : new Randomness(seed).fork(`repeat ${repeat}`).integer(1, SEEDS_BELOW);
}

/**
 * Everything about traffic that is made up comes from here: Call-IDs, tags, cnonces, ports, addresses. Equal seeds
 * give equal values in equal order. It is no source of secrets: who knows the seed knows them all.
 */
export class Randomness {
  readonly #key: string;
  #drawn = 0;

  constructor(seed: number | string) {
    this.#key = String(seed);
  }

  /** A source of its own for what bears this name: what is drawn elsewhere, and when, changes nothing about it. */
  fork(name: string): Randomness {
    return new Randomness(`${this.#key}/${name}`);
  }

  /** A whole number from `from` up to and without `below`. */
  integer(from: number, below: number): number {
    return from + (this.#octets(6).readUIntBE(0, 6) % (below - from));
  }

  /** So many octets, 32 at most, as hexadecimal digits. */
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
