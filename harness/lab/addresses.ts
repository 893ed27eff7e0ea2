/**
 * The lab's address plan. The service keeps the documented shape inside the range for benchmarking (RFC 2544);
 * customers live in the documentation ranges (RFC 5737). Whole prefixes belong to `lo`, so that every address in
 * them can be bound without naming it one by one.
 */
export const LAB_PREFIXES = [
  { prefix: '198.18.67.0/28', who: 'media pool' },
  { prefix: '198.18.67.32/28', who: 'signaling pool' },
  { prefix: '198.18.67.53/32', who: 'DNS' },
  { prefix: '198.18.67.80/32', who: 'API' },
  { prefix: '198.18.67.96/28', who: 'voice platform, internal' },
  { prefix: '203.0.113.0/24', who: 'customers: US in the lower half, EU in the upper half' },
  { prefix: '198.51.100.0/24', who: 'customers of no known region' },
] as const;

/** The customers' addresses that no vantage point and no feature names: from 198.51.100.32 on. */
const FIRST_ANONYMOUS = 32;
const ANONYMOUS = 223;

/** The address of an anonymous customer: equal numbers have equal ones, and those less than 223 apart different ones. */
export function anonymousCustomer(number: number): string {
  return `198.51.100.${FIRST_ANONYMOUS + (number % ANONYMOUS)}`;
}
