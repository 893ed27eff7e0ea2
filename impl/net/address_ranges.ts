/**
 * What each IPv4 address stands for, as disjoint ranges in order: a look-up is one binary search that allocates
 * nothing and cannot fail.
 */
export class AddressRanges<Value> {
  readonly #starts: Uint32Array;
  readonly #values: readonly (Value | undefined)[];

  /** Made by a RangeBuilder. `starts` rises and begins with 0; a range ends where the next one starts. */
  constructor(starts: readonly number[], values: readonly (Value | undefined)[]) {
    this.#starts = Uint32Array.from(starts);
    this.#values = values;
  }

  /** How many ranges there are. */
  get size(): number {
    return this.#starts.length;
  }

  /** What the address (unsigned 32 bit) stands for; undefined where that is nothing. */
  find(address: number): Value | undefined {
    const starts = this.#starts;
    let low = 0;
    let high = starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >>> 1;
      if (starts[middle]! <= address) low = middle;
      else high = middle - 1;
    }
    return this.#values[low];
  }
}

/** Puts ranges together from the lowest address up; neighbours of one value become one range. */
export class RangeBuilder<Value> {
  readonly #starts: number[] = [0];
  readonly #values: (Value | undefined)[] = [undefined];

  /** From this address on it is `value`. Addresses come in rising order; of two at the same one the later holds. */
  from(address: number, value: Value | undefined): void {
    const last = this.#starts.length - 1;
    if (this.#starts[last] === address) this.#values[last] = value;
    else if (this.#values[last] !== value) {
      this.#starts.push(address);
      this.#values.push(value);
    }
  }

  built(): AddressRanges<Value> {
    return new AddressRanges(this.#starts, this.#values);
  }
}
