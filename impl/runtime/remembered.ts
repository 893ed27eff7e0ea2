import { hash } from 'node:crypto';

import { Newest } from './newest.ts';

/**
 * `find`, which is asked once for a text: what it found is remembered, for the newest `most` texts. A text is kept as its
 * hash, as it may be long, or a secret. What was not found is looked for again.
 */
export function remembered<T>(
  find: (text: string) => Promise<T | undefined>,
  most: number,
): (text: string) => Promise<T | undefined> {
  const known = new Newest<string, T>(most);
  return async (text) => {
    const key = hash('sha256', text);
    const earlier = known.get(key);
    if (earlier !== undefined) return earlier;
    const found = await find(text);
    if (found !== undefined) known.set(key, found);
    return found;
  };
}
