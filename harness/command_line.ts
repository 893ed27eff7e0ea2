import { parseArgs, type ParseArgsConfig } from 'node:util';

import { HarnessError } from './verdict.ts';

/**
 * Reads a command's flags, as node's parseArgs does. Throws a HarnessError that says what is wrong and which help to
 * read. `command` is what the user typed, as in "npm run features --".
 */
export function readCommandLine<T extends ParseArgsConfig>(
  command: string,
  argv: readonly string[],
  config: T,
): ReturnType<typeof parseArgs<T & { args: string[] }>> {
  try {
    return parseArgs({ ...config, args: [...argv] });
  } catch (error) {
    // Node's further sentences are about values that begin with a hyphen; no value here does.
    const reason = (error instanceof Error ? error.message : String(error)).split(/\.\s/)[0];
    throw new HarnessError(`${reason}; ${command} --help lists the options`);
  }
}

/** The whole number given to a flag. Throws a HarnessError that names the bounds where it is none within them. */
export function wholeNumber(flag: string, text: string, least: number, most: number): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= least && value <= most) return value;
  throw new HarnessError(`${flag} takes a whole number from ${least} to ${most}, not "${text}"`);
}

/** The choice given to a flag. Throws a HarnessError that lists the choices where it is none of them. */
export function oneOf<T extends string>(flag: string, choices: readonly T[], text: string): T {
  const choice = choices.find((one) => one === text);
  if (choice === undefined)
    throw new HarnessError(`${flag} takes one of ${choices.join(', ')}, not "${text}"`);
  return choice;
}
