const ROUNDS = 7;
const CALLS_A_ROUND = 40_000;

/**
 * CPU time of one call in microseconds, user and system: the median of six rounds after one that warms up.
 * `calls` a round for what is slow.
 */
export function cpuMicros(once: () => unknown, calls = CALLS_A_ROUND): number {
  const rounds: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const start = process.cpuUsage();
    for (let call = 0; call < calls; call += 1) once();
    const { user, system } = process.cpuUsage(start);
    rounds.push((user + system) / calls);
  }
  const settled = rounds.slice(1).toSorted((a, b) => a - b);
  return settled[settled.length >> 1] ?? Number.NaN;
}
