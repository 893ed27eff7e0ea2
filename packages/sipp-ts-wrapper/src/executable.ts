import { execFile } from 'node:child_process';
import { access, constants } from 'node:fs/promises';
import { delimiter, isAbsolute, join, resolve } from 'node:path';
import { promisify } from 'node:util';

import { SippError } from './sipp_error.ts';
import { isBefore, OLDEST, versionWarning } from './versions.ts';

const INSTALL = 'Install it: apt-get install sip-tester (Debian, Ubuntu) or brew install sipp';

const versions = new Map<string, Promise<string>>();

/** A SIPp that can be run. */
export interface Executable {
  /** Absolute. */
  path: string;
  /** `3.6.1` */
  version: string;
}

/**
 * Finds the SIPp to run. Asks each path for its version once.
 * @throws {SippError} SIPP_MISSING, SIPP_TOO_OLD.
 */
export async function locateSipp(executable: string): Promise<Executable> {
  const path = await executablePath(executable);
  let version = versions.get(path);
  if (version === undefined) versions.set(path, (version = readVersion(path)));
  const found = await version;
  if (isBefore(found, OLDEST)) {
    throw new SippError(
      'SIPP_TOO_OLD',
      `${path} is SIPp ${found}, but ${OLDEST} or newer is needed. ${INSTALL}`,
    );
  }
  return { path, version: found };
}

/**
 * One line where the output of this SIPp's version was never tested; undefined where it was, and where there is no SIPp
 * to run, which a run reports.
 */
export async function sippWarning(executable = 'sipp'): Promise<string | undefined> {
  try {
    return versionWarning((await locateSipp(executable)).version);
  } catch (failure) {
    if (failure instanceof SippError) return undefined;
    throw failure;
  }
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
