/** Gives the line of each place in a text; the places must not go back. Reads the text once, however often it is asked. */
export class LineCounter {
  readonly #text: string;
  #line: number;
  #countedTo = 0;

  /** `first` is the number of the text's first line. */
  constructor(text: string, first = 1) {
    this.#text = text;
    this.#line = first;
  }

  /** The line that `index` is in. */
  at(index: number): number {
    for (; this.#countedTo < index; this.#countedTo += 1) {
      if (this.#text[this.#countedTo] === '\n') this.#line += 1;
    }
    return this.#line;
  }
}
