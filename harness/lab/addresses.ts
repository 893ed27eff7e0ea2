import type { Randomness } from '../randomness.ts';

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

/** One of the customers' addresses that no vantage point and no feature names. */
export function anyCustomer(randomness: Randomness): string {
  return `198.51.100.${randomness.integer(32, 255)}`;
}
