import { randomBytes } from 'node:crypto';

/** Where randomness comes from. */
export interface Random {
  /** `count` fresh random octets, the caller's to keep. */
  bytes(count: number): Buffer;
}

const POOL_OCTETS = 8192;

function pooledRandom(): Random {
  let pool = Buffer.alloc(0);
  let used = 0;
  return {
    bytes(count) {
      if (used + count > pool.length) {
        // A new pool, never the old one refilled: slices of it are still in use.
        pool = randomBytes(Math.max(POOL_OCTETS, count));
        used = 0;
      }
      const slice = pool.subarray(used, used + count);
      used += count;
      return slice;
    },
  };
}

/** The operating system's generator, drawn from in blocks: one call costs 1 µs, a slice next to nothing. */
export const systemRandom: Random = pooledRandom();
