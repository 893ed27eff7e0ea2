import { spawn } from 'node:child_process';
import { Socket } from 'node:net';

import { errno } from './errno.ts';

/**
 * Kills SIPp processes whose parent is gone. They live in process groups of their own, so neither the terminal nor a
 * dying parent reaches them: `exit` handlers cover an orderly end, and a small shell covers SIGKILL, a crash and the
 * end of a worker thread. It reads `+ pid` and `- pid` from a pipe; when the pipe closes, its writer is dead.
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
  // Without a shell, or with one that was killed, the exit handler is what remains.
  shell.on('error', () => undefined);
  shell.stdin.on('error', () => undefined);
  // Typed as any stream, a child's pipe is a socket; neither it nor the shell may keep this process alive.
  if (shell.stdin instanceof Socket) shell.stdin.unref();
  return shell.stdin;
}

/** From now on the process group dies with this thread; `cleanUp` (synchronous) runs where the exit is orderly. */
export function tieToParent(pid: number, cleanUp: () => void): void {
  guard ??= openGuard();
  live.set(pid, cleanUp);
  guard.write(`+ ${pid}\n`);
}

/** The process has ended: its pid may come to belong to another. */
export function untie(pid: number): void {
  if (live.delete(pid)) guard?.write(`- ${pid}\n`);
}

/** Signals a whole process group; nothing happens where it is gone. */
export function killGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal);
  } catch (failure) {
    // macOS says EPERM of a group whose last process has ended but was not waited for.
    if (errno(failure) !== 'ESRCH' && errno(failure) !== 'EPERM') throw failure;
  }
}
