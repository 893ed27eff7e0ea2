/** The oldest SIPp that this package runs. */
export const OLDEST = '3.6.0';
/** The range of versions whose traces, statistics and logs this package has been tested with. */
export const TESTED = { first: '3.6.1', last: '3.7.7' } as const;

/** Whether version `left` came out before `right`. */
export function isBefore(left: string, right: string): boolean {
  const [these, those] = [left, right].map((version) => version.split('.').map(Number));
  for (const place of [0, 1, 2]) {
    const [number, other] = [these?.[place] ?? 0, those?.[place] ?? 0];
    if (number !== other) return number < other;
  }
  return false;
}

/** One line about a version that was never tested; undefined for one that was. */
export function versionWarning(version: string): string | undefined {
  if (!isBefore(version, TESTED.first) && !isBefore(TESTED.last, version)) return undefined;
  return (
    `SIPp ${version} was never tested with sipp-ts-wrapper, only ${TESTED.first} to ${TESTED.last}: ` +
    'its traces, statistics and logs may read differently'
  );
}
