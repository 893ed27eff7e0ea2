import { inspect } from 'node:util';

import { EXIT } from '../harness/exit_code.ts';
import { onInterrupt } from '../harness/lab/namespace.ts';
import { BrokenPrecondition, HarnessError } from '../harness/verdict.ts';
import { helpText, type ExitMeanings } from './help.ts';

/** A command of the suite. */
export interface Command<Options> {
  /** What its messages begin with. */
  readonly name: string;
  /** What --help prints ahead of the exit codes. */
  readonly help: string;
  readonly exits: ExitMeanings;
  /** Reads the words behind the command. Throws a HarnessError that names what is wrong and what would be right. */
  readonly readOptions: (argv: readonly string[]) => Options | 'help';
  /** Resolves with the exit code; rejects with a HarnessError if it cannot do what it was asked. */
  readonly run: (options: Options, running: Running) => Promise<number>;
}

/** What a command has while it runs. */
export interface Running {
  /** The words it was given. */
  readonly argv: readonly string[];
  /** Tells the user something, on standard error. */
  readonly say: (sentence: string) => void;
  /**
   * Takes interrupts from now on: the first aborts the signal, the second ends the process at once. For commands that
   * must stop or write something before they end. A command that fails after the first counts as interrupted.
   */
  readonly interruption: () => AbortSignal;
}

/** Runs a command and ends the process with its exit code. All commands start here. */
export async function runCommand<Options>(
  command: Command<Options>,
  argv: readonly string[] = process.argv.slice(2),
): Promise<never> {
  // A reader that stops early, as head does, must not end this process: it would leave a target running.
  process.stdout.on('error', () => {});
  const code = await exitCodeOf(command, argv);
  // Output to a pipe may not be written yet.
  await new Promise((written) => process.stdout.write('', written));
  process.exit(code);
}

async function exitCodeOf<Options>(
  { name, help, exits, readOptions, run }: Command<Options>,
  argv: readonly string[],
): Promise<number> {
  const say = (sentence: string): void => void process.stderr.write(`${name}: ${sentence}\n`);
  let interrupt: AbortController | undefined;
  const interruption = (): AbortSignal => {
    if (interrupt) return interrupt.signal;
    const taken = new AbortController();
    onInterrupt(() => taken.abort());
    interrupt = taken;
    return taken.signal;
  };
  try {
    const options = readOptions(argv);
    if (options !== 'help') return await run(options, { argv, say, interruption });
    process.stdout.write(helpText(help, exits));
    return EXIT.fine;
  } catch (error) {
    const isInterrupted = interrupt?.signal.aborted === true;
    if (isInterrupted) say('interrupted');
    if (!isInterrupted || isBug(error)) say(isSaid(error) ? error.message : inspect(error));
    return isInterrupted ? EXIT.interrupted : EXIT.harness;
  }
}

/** Whether the message says all there is to say. */
function isSaid(error: unknown): error is HarnessError | BrokenPrecondition {
  return error instanceof HarnessError || error instanceof BrokenPrecondition;
}

function isBug(error: unknown): boolean {
  return !(isSaid(error) || (error instanceof Error && error.name === 'AbortError'));
}
