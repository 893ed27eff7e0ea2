import type { Random } from '../runtime/random.ts';

/** A From or To tag: 64 random bits (RFC 3261 19.3 asks for at least 32). */
export function randomTag(random: Random): string {
  return random.bytes(8).toString('hex');
}
