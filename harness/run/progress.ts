/** Where progress is shown: the process's stderr, or what stands for it. */
export interface ProgressStream {
  write(text: string): unknown;
  readonly isTTY?: boolean;
}

/** What is being done: one line that overwrites itself on a terminal, a line each elsewhere. */
export class Progress {
  readonly #stream: ProgressStream;
  readonly #program: string;
  #shown = false;

  constructor(stream: ProgressStream, program: string) {
    this.#stream = stream;
    this.#program = program;
  }

  /** Says what is done now, ahead of doing it. */
  readonly say = (doing: string): void => {
    if (this.#stream.isTTY !== true) this.#stream.write(`${this.#program}: ${doing}\n`);
    else this.#overwrite(`${this.#program}: ${doing} …`);
  };

  /** Says how something that lasts is going; on a terminal only. */
  readonly tick = (state: string): void => {
    if (this.#stream.isTTY === true) this.#overwrite(state);
  };

  /** Takes the line off the terminal, so that something lasting can be written. */
  readonly clear = (): void => {
    if (this.#shown) this.#stream.write('\r\x1b[K');
    this.#shown = false;
  };

  #overwrite(text: string): void {
    this.#stream.write(`\r${text}\x1b[K`);
    this.#shown = true;
  }
}
