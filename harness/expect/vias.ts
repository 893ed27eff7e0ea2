/** The first value is the sender's own: it may be marked with where it came from. What is another one, or undefined. */
export function otherVia(
  [own = '', ...below]: readonly string[],
  [marked = '', ...others]: readonly string[],
): string | undefined {
  if (unmarked(marked) !== unmarked(own)) return `Via: ${JSON.stringify(marked)} for ${JSON.stringify(own)}`;
  if (others.length !== below.length) return `${others.length + 1} Via for ${below.length + 1}`;
  const at = below.findIndex((value, index) => value !== others[index]);
  return at === -1
    ? undefined
    : `Via: ${JSON.stringify(others[at] ?? 'missing')} for ${JSON.stringify(below[at] ?? '')}`;
}

function unmarked(via: string): string {
  return via.replaceAll(/\s*;\s*(received|rport)(\s*=\s*[^;\s]*)?/gi, '').replaceAll(/\s*([;=])\s*/g, '$1');
}
