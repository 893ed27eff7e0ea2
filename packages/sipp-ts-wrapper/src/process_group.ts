import { errno } from './errno.ts';

/** Signals a whole process group; does nothing where it is gone. */
export function killGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal);
  } catch (failure) {
    // macOS says EPERM for a group whose last process has ended but was not reaped.
    if (errno(failure) !== 'ESRCH' && errno(failure) !== 'EPERM') throw failure;
  }
}
