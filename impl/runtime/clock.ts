/** The only source of time in the stack, so that a test can stop or move it. */
export interface Clock {
  /** Milliseconds since an arbitrary origin; never goes back. For all that lives no longer than this process. */
  monotonic(): number;
  /** Milliseconds since the Unix epoch; never goes back within a process. For what outlives it: tokens, audit. */
  wall(): number;
  /** Calls `callback` about every `intervalMs` until the returned function is called. */
  repeat(intervalMs: number, callback: () => void): () => void;
}

/**
 * A wall clock that never goes back. It goes on with `monotonic` from where it is when somebody sets the machine's clock
 * back, so that no token lives longer than its lifetime; it is then ahead of the machine's clock until that has caught
 * up. When the machine's clock is set on, it follows at once.
 */
export function steadyWall(monotonic: () => number, machine: () => number): () => number {
  let origin = Number.NEGATIVE_INFINITY;
  return () => {
    const elapsed = monotonic();
    origin = Math.max(origin, machine() - elapsed);
    return Math.floor(origin + elapsed);
  };
}

const monotonic = (): number => performance.now();

/** The machine's clocks. */
export const systemClock: Clock = {
  monotonic,
  wall: steadyWall(monotonic, () => Date.now()),
  repeat(intervalMs, callback) {
    const handle = setInterval(callback, intervalMs);
    return () => clearInterval(handle);
  },
};
