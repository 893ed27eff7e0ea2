/** Where progress is shown: the process's stderr, or a substitute. */
export interface ProgressStream {
  write(text: string): unknown;
  readonly isTTY?: boolean;
}

/** Shows what is being done: on a terminal in one line that is overwritten, elsewhere in a line per step. */
export class Progress {
  readonly #stream: ProgressStream;
  readonly #program: string;
  #shown = false;

  constructor(stream: ProgressStream, program: string) {
    this.#stream = stream;
    this.#program = program;
  }

  /** Says what is about to be done. */
  readonly say = (doing: string): void => {
    if (this.#stream.isTTY !== true) this.#stream.write(`${this.#program}: ${doing}\n`);
    else this.#overwrite(`${this.#program}: ${doing} …`);
  };

  /** Says how a lasting step is going; on a terminal only. */
  readonly tick = (state: string): void => {
    if (this.#stream.isTTY === true) this.#overwrite(state);
  };

  /** Clears the line on the terminal, before other output is written. */
  readonly clear = (): void => {
    if (this.#shown) this.#stream.write('\r\x1b[K');
    this.#shown = false;
  };

  #overwrite(text: string): void {
    this.#stream.write(`\r${text}\x1b[K`);
    this.#shown = true;
  }
}
