/** V8 copies texts up to this length, and points into the source for longer ones. */
const ALWAYS_COPIED = 12;

/**
 * The same Latin-1 text, which keeps no other text in memory: a slice or a concatenation points into the texts it was
 * made of. For what is kept longer than the message it comes from.
 */
export function ownCopy(text: string): string {
  return text.length <= ALWAYS_COPIED ? text : Buffer.from(text, 'latin1').toString('latin1');
}
