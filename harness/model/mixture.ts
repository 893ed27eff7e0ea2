/** Values that look drawn at random, and are the same each time. */
export class Mixture {
  #state = 1;

  /** One of these. */
  one<T>(values: readonly T[]): T {
    // The multiplier and increment of Numerical Recipes; the upper bits are the random ones.
    this.#state = (Math.imul(this.#state, 1_664_525) + 1_013_904_223) >>> 0;
    return values[Math.floor((this.#state / 2 ** 32) * values.length)]!;
  }

  /** Draws these again and again: each comes once before any comes twice, in another order each time. */
  deck<T>(values: readonly T[]): () => T {
    let left: T[] = [];
    return () => {
      if (left.length === 0) left = [...values];
      const drawn = this.one(left);
      left.splice(left.indexOf(drawn), 1);
      return drawn;
    };
  }
}
