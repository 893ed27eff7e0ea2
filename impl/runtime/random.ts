import { randomBytes } from 'node:crypto';

/** Where randomness comes from. */
export interface Random {
  /** `count` fresh random octets, which the caller may keep. */
  bytes(count: number): Buffer;
}

const POOL_OCTETS = 8192;

function pooledRandom(): Random {
  let pool = Buffer.alloc(0);
  let used = 0;
  return {
    bytes(count) {
      if (used + count > pool.length) {
        // Makes a new pool and never refills the old one, whose slices are still in use.
        pool = randomBytes(Math.max(POOL_OCTETS, count));
        used = 0;
      }
      const slice = pool.subarray(used, used + count);
      used += count;
      return slice;
    },
  };
}

/** The operating system's generator, read in blocks: a call costs 1 µs, a slice almost nothing. */
export const systemRandom: Random = pooledRandom();
