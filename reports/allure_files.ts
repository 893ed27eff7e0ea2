import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import type { TestResult } from 'allure-js-commons';
import { FileSystemWriter } from 'allure-js-commons/sdk/reporter';

import { writeAtomically } from './atomic_file.ts';

/**
 * Writes results into a folder without waiting for the disk: a report is made again after a crash of the machine, and
 * a wait for each of some thousand files would keep the next scenarios from beginning. No result is ever half there.
 */
export class AllureFiles extends FileSystemWriter {
  readonly #folder: string;

  constructor(folder: string) {
    super({ resultsDir: folder });
    this.#folder = folder;
  }

  override writeResult(result: TestResult): void {
    writeAtomically(join(this.#folder, `${result.uuid}-result.json`), JSON.stringify(result));
  }

  /** Before the result that names it: one that was broken off is in no report. */
  override writeAttachment(fileName: string, content: Buffer): void {
    writeFileSync(join(this.#folder, fileName), content);
  }
}
