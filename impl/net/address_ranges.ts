/**
 * Maps each IPv4 address to a value or to nothing, as disjoint ranges in order. A look-up is one binary search that
 * allocates nothing and cannot fail.
 */
export class AddressRanges<Value> {
  readonly #starts: Uint32Array;
  readonly #values: readonly (Value | undefined)[];

  /** Called by RangeBuilder. `starts` rises and begins with 0; a range ends at the start of the next. */
  constructor(starts: readonly number[], values: readonly (Value | undefined)[]) {
    this.#starts = Uint32Array.from(starts);
    this.#values = values;
  }

  /** How many ranges there are. */
  get size(): number {
    return this.#starts.length;
  }

  /** The value of the address (unsigned 32 bit), or undefined. */
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

const LAST_ADDRESS = 0xff_ff_ff_ff;

/** Builds ranges from the lowest address up. Merges neighbours of equal value. */
export class RangeBuilder<Value> {
  readonly #starts: number[] = [0];
  readonly #values: (Value | undefined)[] = [undefined];

  /**
   * Sets `value` from this address on; none behind the last one. Addresses must not fall; a second call at the same
   * address wins.
   */
  from(address: number, value: Value | undefined): void {
    if (address > LAST_ADDRESS) return;
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
