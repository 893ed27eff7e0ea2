import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { onInterrupt, raiseLab } from '../harness/lab/namespace.ts';
import { Progress } from '../harness/run/progress.ts';

const INTERRUPTED = 130;

/** What a bench has while it measures. */
export interface Measuring {
  /** Aborted when the user asks for the end. */
  readonly signal: AbortSignal;
  /** Tells what is done now, ahead of doing it. */
  readonly say: (doing: string) => void;
  /** Tells how something that lasts is going; on a terminal only. */
  readonly tick: (state: string) => void;
}

/** What came of it. */
export interface Measured {
  readonly results: object;
  /** The results for a terminal. */
  readonly text: string;
  /** Files beside the results, by their names. */
  readonly files?: Readonly<Record<string, string>>;
  /** What was not measured, and what it takes. */
  readonly missing?: string | undefined;
  readonly isGood: boolean;
}

/**
 * Measures inside the lab, writes FOLDER/bench-NAME.json and shows it. Resolves with the exit code; rejects with a
 * HarnessError where it cannot be measured.
 */
export async function measured(
  { name, folder }: { readonly name: string; readonly folder: string },
  measure: (measuring: Measuring) => Promise<Measured>,
): Promise<number> {
  raiseLab();
  mkdirSync(folder, { recursive: true });
  const interrupt = new AbortController();
  onInterrupt(() => interrupt.abort());
  const progress = new Progress(process.stderr, 'bench');
  let came: Measured;
  try {
    came = await measure({ signal: interrupt.signal, say: progress.say, tick: progress.tick });
    interrupt.signal.throwIfAborted();
  } catch (error) {
    progress.clear();
    if (!interrupt.signal.aborted) throw error;
    process.stderr.write('bench: interrupted; nothing is written\n');
    return INTERRUPTED;
  }
  progress.clear();
  const json = `${JSON.stringify(came.results, null, 2)}\n`;
  const written = Object.entries({ [`bench-${name}.json`]: json, ...came.files }).map(([file, text]) => {
    const path = join(folder, file);
    writeFileSync(path, text);
    return path;
  });
  if (came.missing !== undefined) process.stderr.write(`bench: ${came.missing}\n`);
  process.stdout.write(`${came.text}\nwritten: ${written.join(', ')}\n`);
  return came.isGood ? 0 : 1;
}
