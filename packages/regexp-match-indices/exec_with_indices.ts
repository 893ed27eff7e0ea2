/** Expressions with the flag `d`, by which the engine tells where groups are (ECMAScript 2022), by those without. */
const withIndices = new WeakMap<RegExp, RegExp>();

/** As `expression.exec(text)`, with `indices`; null if it does not match. For expressions without the flags `g` and `y`. */
export default function execWithIndices(expression: RegExp, text: string): RegExpExecArray | null {
  // Most expressions are tried on many texts and match few, and without the flag it is quicker to find that out.
  if (!expression.test(text)) return null;
  let indexing = withIndices.get(expression);
  if (indexing === undefined) {
    indexing = new RegExp(expression, `${expression.flags}d`);
    withIndices.set(expression, indexing);
  }
  return indexing.exec(text);
}
