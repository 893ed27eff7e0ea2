import { execFile } from 'node:child_process';
import { access, constants } from 'node:fs/promises';
import { delimiter, isAbsolute, join, resolve } from 'node:path';
import { promisify } from 'node:util';

import { SippError } from './sipp_error.ts';

const OLDEST = [3, 6, 0] as const;
const INSTALL = 'Install it: apt-get install sip-tester (Debian, Ubuntu) or brew install sipp';

const versions = new Map<string, Promise<string>>();

/**
 * The absolute path of the SIPp to run. Checks its version, once for each path.
 * @throws {SippError} SIPP_MISSING, SIPP_TOO_OLD.
 */
export async function locateSipp(executable: string): Promise<string> {
  const path = await executablePath(executable);
  let version = versions.get(path);
  if (version === undefined) versions.set(path, (version = readVersion(path)));
  const found = await version;
  if (isOlder(found)) {
    throw new SippError(
      'SIPP_TOO_OLD',
      `${path} is SIPp ${found}, but ${OLDEST.join('.')} or newer is needed. ${INSTALL}`,
    );
  }
  return path;
}

async function executablePath(executable: string): Promise<string> {
  const named = executable.includes('/');
  const candidates = named
    ? [resolve(executable)]
    : (process.env['PATH'] ?? '')
        .split(delimiter)
        .filter(isAbsolute)
        .map((folder) => join(folder, executable));
  for (const candidate of candidates) {
    const runnable = await access(candidate, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (runnable) return candidate;
  }
  throw new SippError(
    'SIPP_MISSING',
    named
      ? `${executable} is not a program that can be run. ${INSTALL}`
      : `${executable} is not on PATH. ${INSTALL}`,
  );
}

/** `sipp -v` prints its version and exits 0 or 99, by version. */
async function readVersion(path: string): Promise<string> {
  const { stdout } = await promisify(execFile)(path, ['-v'], { timeout: 5000 }).catch(
    (failure: { stdout?: string }) => ({
      stdout: failure.stdout ?? '',
    }),
  );
  const version = /SIPp v(\d+\.\d+(?:\.\d+)?)/.exec(stdout)?.[1];
  if (version !== undefined) return version;
  versions.delete(path);
  throw new SippError('SIPP_MISSING', `${path} -v does not answer as SIPp does. ${INSTALL}`);
}

function isOlder(version: string): boolean {
  const numbers = version.split('.').map(Number);
  for (const [place, oldest] of OLDEST.entries()) {
    const number = numbers[place] ?? 0;
    if (number !== oldest) return number < oldest;
  }
  return false;
}
