/**
 * The lab's address plan. The service's addresses are laid out as documented, inside the benchmarking range
 * (RFC 2544); customers are in the documentation ranges (RFC 5737). `lo` owns whole prefixes, so that every address
 * in them can be bound.
 */
export const LAB_PREFIXES = [
  { prefix: '198.18.67.0/28', who: 'media pool' },
  { prefix: '198.18.67.32/28', who: 'signaling pool' },
  { prefix: '198.18.67.53/32', who: 'DNS' },
  { prefix: '198.18.67.80/32', who: 'API' },
  { prefix: '198.18.67.96/28', who: 'voice platform, internal' },
  { prefix: '203.0.113.0/24', who: 'customers: US in the lower half, EU in the upper half' },
  { prefix: '198.51.100.0/24', who: 'customers of no known region' },
  { prefix: '198.19.64.0/20', who: 'strangers that flood' },
] as const;

/** Where floods come from. What goes to or from there is not captured: it would bury what the verdicts rest on. */
export const STRANGERS = '198.19.64.0/20';
const STRANGERS_PREFIXES = 16;

/** The address of a stranger: sixteen in a row are in as many prefixes of 24 bits. */
export function strangerAddress(number: number): string {
  const host = 1 + (Math.floor(number / STRANGERS_PREFIXES) % 254);
  return `198.19.${64 + (number % STRANGERS_PREFIXES)}.${host}`;
}

/** The customers' addresses that no vantage point and no feature names: from 198.51.100.32 on. */
const FIRST_ANONYMOUS = 32;
const ANONYMOUS = 223;

/** The address of an anonymous customer: the same for equal numbers, another for numbers less than 223 apart. */
export function anonymousCustomer(number: number): string {
  return `198.51.100.${FIRST_ANONYMOUS + (number % ANONYMOUS)}`;
}
