import type { Random } from '../runtime/random.ts';

/** Octets of a tag: RFC 3261 19.3 asks for at least 32 random bits. */
export const TAG_OCTETS = 8;

/** A From or To tag. */
export function randomTag(random: Random): string {
  return random.bytes(TAG_OCTETS).toString('hex');
}
