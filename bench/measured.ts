import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { SippError } from 'sipp-ts-wrapper';

import type { Running } from '../commands/command.ts';
import { EXIT } from '../harness/exit_code.ts';
import { raiseLab } from '../harness/lab/namespace.ts';
import { Progress } from '../harness/run/progress.ts';
import { HarnessError } from '../harness/verdict.ts';

/** What a bench has while it measures. */
export interface Measuring {
  /** Aborted when the user interrupts. */
  readonly signal: AbortSignal;
  /** Says what is done next. */
  readonly say: (doing: string) => void;
  /** Shows the progress of something long; on a terminal only. */
  readonly tick: (state: string) => void;
}

/** What a bench measured. */
export interface Measured {
  readonly results: object;
  /** The results for a terminal. */
  readonly text: string;
  /** Files beside the results, by their names. */
  readonly files?: Readonly<Record<string, string>>;
  /** What was not measured, and how to have it measured. */
  readonly missing?: string | undefined;
  readonly isGood: boolean;
}

/**
 * Measures inside the lab, writes FOLDER/bench-NAME.json and prints the results; an interrupt leaves nothing written.
 * Resolves with the exit code; rejects with a HarnessError if it cannot measure.
 */
export async function measured(
  { name, folder, running }: { readonly name: string; readonly folder: string; readonly running: Running },
  measure: (measuring: Measuring) => Promise<Measured>,
): Promise<number> {
  raiseLab();
  mkdirSync(folder, { recursive: true });
  const signal = running.interruption();
  const progress = new Progress(process.stderr, 'bench');
  let came: Measured;
  try {
    came = await measure({ signal, say: progress.say, tick: progress.tick });
    signal.throwIfAborted();
  } catch (error) {
    throw error instanceof SippError ? new HarnessError(error.message, { cause: error }) : error;
  } finally {
    progress.clear();
  }
  const json = `${JSON.stringify(came.results, null, 2)}\n`;
  const written = Object.entries({ [`bench-${name}.json`]: json, ...came.files }).map(([file, text]) => {
    const path = join(folder, file);
    writeFileSync(path, text);
    return path;
  });
  if (came.missing !== undefined) running.say(came.missing);
  process.stdout.write(`${came.text}\nwritten: ${written.join(', ')}\n`);
  return came.isGood ? EXIT.fine : EXIT.notSo;
}
