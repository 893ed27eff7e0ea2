/** The only source of time in the stack, so that a test can stop or move it. */
export interface Clock {
  /** Milliseconds since an arbitrary origin; never goes back. For timers. */
  monotonic(): number;
  /** Milliseconds since the Unix epoch. For nonces, which outlive the process. */
  wall(): number;
  /** Calls `callback` about every `intervalMs` until the returned function is called. */
  repeat(intervalMs: number, callback: () => void): () => void;
}

/** The machine's clocks. */
export const systemClock: Clock = {
  monotonic: () => performance.now(),
  wall: () => Date.now(),
  repeat(intervalMs, callback) {
    const handle = setInterval(callback, intervalMs);
    return () => clearInterval(handle);
  },
};
