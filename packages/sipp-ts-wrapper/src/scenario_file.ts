import { constants } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';

import { errno } from './errno.ts';
import { SippError } from './sipp_error.ts';

/** SIPp's own limit (XP_MAX_FILE_LEN), in octets, without carriage returns. It refuses a longer file without a reason. */
const LONGEST_SCENARIO = 65_535;
/** A file of the longest scenario, each line of it one CR and one LF. */
const LONGEST_FILE = 2 * LONGEST_SCENARIO;

/**
 * The text of a scenario. Never waits for a file that has no end or no writer.
 * @throws {SippError} SCENARIO_MISSING; SCENARIO_MALFORMED where the file is too long for SIPp.
 */
export async function readScenarioText(file: string): Promise<string> {
  const refuse = (problem: string): never => {
    throw new SippError('SCENARIO_MISSING', `${problem}; check the option scenario`, { file });
  };
  let handle: FileHandle | undefined;
  try {
    // Without O_NONBLOCK, opening a FIFO waits for its writer.
    handle = await open(file, constants.O_RDONLY | constants.O_NONBLOCK);
    if (!(await handle.stat()).isFile()) return refuse('it is no regular file');
    const text = (await firstOctets(handle, LONGEST_FILE + 1)).toString('utf8');
    assertReadable(file, text);
    return text;
  } catch (failure) {
    if (failure instanceof SippError) throw failure;
    const code = errno(failure);
    return refuse(code === 'ENOENT' ? 'there is no such file' : `the file cannot be read (${code})`);
  } finally {
    await handle?.close();
  }
}

/** @throws {SippError} SCENARIO_MALFORMED where the text is too long for SIPp. */
export function assertReadable(file: string, text: string): void {
  if (Buffer.byteLength(text.replaceAll('\r', '')) <= LONGEST_SCENARIO) return;
  throw new SippError(
    'SCENARIO_MALFORMED',
    `the file is longer than the ${LONGEST_SCENARIO} octets that SIPp reads; take out comments, or split it`,
    { file },
  );
}

async function firstOctets(handle: FileHandle, most: number): Promise<Buffer> {
  const octets = Buffer.allocUnsafe(most);
  let filled = 0;
  while (filled < most) {
    const { bytesRead } = await handle.read(octets, filled, most - filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return octets.subarray(0, filled);
}
