import { spawn } from 'node:child_process';
import { Socket } from 'node:net';

import { errno } from './errno.ts';

/**
 * Kills SIPp processes whose parent is gone. They have process groups of their own, so neither the terminal nor a dying
 * parent reaches them. `exit` handlers cover an orderly end; a small shell covers SIGKILL, a crash and the end of a
 * worker thread. The shell reads `+ pid` and `- pid` from a pipe; when the pipe closes, its writer is dead.
 */
const GUARD = `
live=' '
while read -r op pid; do
  case $op in
    +) live="$live$pid " ;;
    -) case $live in *" $pid "*) live="\${live%%" $pid "*} \${live#*" $pid "}" ;; esac ;;
  esac
done
for pid in $live; do kill -s KILL -- "-$pid"; done
`;

const live = new Map<number, () => void>();
let guard: ReturnType<typeof openGuard> | undefined;

function killAll(): void {
  for (const [pid, cleanUp] of live) {
    killGroup(pid, 'SIGKILL');
    cleanUp();
  }
  live.clear();
}

function openGuard() {
  process.on('exit', killAll);
  const shell = spawn('/bin/sh', ['-c', GUARD], { detached: true, stdio: ['pipe', 'ignore', 'ignore'] });
  shell.unref();
  // Without a shell, or after it is killed, the exit handler remains.
  shell.on('error', () => undefined);
  shell.stdin.on('error', () => undefined);
  // A child's pipe is a socket, whatever its type says. Neither it nor the shell may keep this process alive.
  if (shell.stdin instanceof Socket) shell.stdin.unref();
  return shell.stdin;
}

/** From now on the process group dies with this thread. `cleanUp` (synchronous) runs on an orderly exit. */
export function tieToParent(pid: number, cleanUp: () => void): void {
  guard ??= openGuard();
  live.set(pid, cleanUp);
  guard.write(`+ ${pid}\n`);
}

/** Call this when the process has ended: its pid may soon belong to another one. */
export function untie(pid: number): void {
  if (live.delete(pid)) guard?.write(`- ${pid}\n`);
}

/** Signals a whole process group; does nothing where it is gone. */
export function killGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal);
  } catch (failure) {
    // macOS says EPERM for a group whose last process has ended but was not reaped.
    if (errno(failure) !== 'ESRCH' && errno(failure) !== 'EPERM') throw failure;
  }
}
