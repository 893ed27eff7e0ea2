// A process of its own that starts SIPp: a large process takes tens of milliseconds to start another one, a small one does
// not. Each line on its standard input asks for a SIPp; when the input ends its writer is dead, and every SIPp is killed.
import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { createInterface } from 'node:readline';

import type { LaunchReport, LaunchRequest } from './launch_protocol.ts';
import { killGroup } from './process_group.ts';

const live = new Set<number>();

function report(message: LaunchReport): void {
  process.stdout.write(`${JSON.stringify(message)}\n`);
}

function launched({ executable, args, folder, stderrFile }: LaunchRequest): ChildProcess {
  const stderr = openSync(stderrFile, 'w', 0o600);
  try {
    return spawn(executable, args, {
      cwd: folder,
      detached: true,
      stdio: ['ignore', 'ignore', stderr],
      // The trace names no time zone, and the error log would quote the system in the user's language.
      env: { ...process.env, TZ: 'UTC', LC_ALL: 'C' },
    });
  } finally {
    closeSync(stderr);
  }
}

function launch(request: LaunchRequest): void {
  const { id } = request;
  const started = performance.now();
  const child = launched(request);
  const { pid } = child;
  child.once('error', ({ code = 'unknown' }: NodeJS.ErrnoException) => {
    if (pid === undefined) report({ id, kind: 'refused', reason: code });
  });
  if (pid === undefined) return;
  live.add(pid);
  report({ id, kind: 'started', pid });
  child.once('exit', (code, signal) => {
    live.delete(pid);
    // Kills what the scenario may have started with <exec command>: it stays in the group.
    killGroup(pid, 'SIGKILL');
    report({ id, kind: 'ended', code, signal, durationMs: performance.now() - started });
  });
}

// Whoever reads the reports may be dead; the end of the input tells.
process.stdout.on('error', () => undefined);
createInterface({ input: process.stdin })
  .on('line', (line) => {
    const request: LaunchRequest = JSON.parse(line);
    try {
      launch(request);
    } catch (failure) {
      report({ id: request.id, kind: 'refused', reason: String(failure) });
    }
  })
  .on('close', () => {
    for (const pid of live) killGroup(pid, 'SIGKILL');
    process.exit();
  });
