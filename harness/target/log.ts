import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

const POLL_MS = 20;

/** What a target that this run started has written to its standard output and standard error. */
export class TargetLog {
  readonly file: string;

  /** @param file where the session keeps the output */
  constructor(file: string) {
    this.file = file;
  }

  /**
   * Every line so far, once a whole one holds `mark`: what the target wrote before it is then there too. Undefined
   * where none does within the patience, so that what is missing proves nothing.
   */
  async linesOnceMarked(mark: string, patienceMs: number): Promise<readonly string[] | undefined> {
    const deadline = performance.now() + patienceMs;
    for (;;) {
      // What follows the last line end is no whole line yet.
      const lines = readFileSync(this.file, 'utf8').split('\n').slice(0, -1);
      if (lines.some((line) => line.includes(mark))) return lines;
      if (performance.now() > deadline) return undefined;
      await delay(POLL_MS);
    }
  }
}
