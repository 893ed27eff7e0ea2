const ROUNDS = 7;
const CALLS_A_ROUND = 40_000;

/**
 * CPU time of one call in microseconds, user and system: the median of six rounds after one that warms up. Give fewer
 * `calls` a round for a slow function.
 */
export function cpuMicros(once: () => unknown, calls = CALLS_A_ROUND): number {
  const [micros = Number.NaN] = cpuMicrosInTurn([once], calls);
  return micros;
}

/** The same for several functions to compare: their rounds alternate, so that all run under the same conditions. */
export function cpuMicrosInTurn(all: readonly (() => unknown)[], calls = CALLS_A_ROUND): number[] {
  const rounds: number[][] = all.map(() => []);
  for (let round = 0; round < ROUNDS; round += 1)
    all.forEach((once, index) => rounds[index]?.push(roundMicros(once, calls)));
  return rounds.map((micros) => {
    const settled = micros.slice(1).toSorted((a, b) => a - b);
    return settled[settled.length >> 1] ?? Number.NaN;
  });
}

function roundMicros(once: () => unknown, calls: number): number {
  const start = process.cpuUsage();
  for (let call = 0; call < calls; call += 1) once();
  const { user, system } = process.cpuUsage(start);
  return (user + system) / calls;
}
