import { createSocket } from 'node:dgram';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

/** The path of a scenario in `test/scenarios/`. */
export function scenarioFile(name: string): string {
  return join(import.meta.dirname, 'scenarios', `${name}.xml`);
}

/** A UDP peer on loopback that never answers, with the first datagram it gets. */
export async function silentPeer(): Promise<
  { host: string; port: number; heard: Promise<Buffer> } & AsyncDisposable
> {
  const socket = createSocket('udp4');
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
  const heard = new Promise<Buffer>((resolve) => socket.once('message', resolve));
  return {
    host: '127.0.0.1',
    port: socket.address().port,
    heard,
    [Symbol.asyncDispose]: () => new Promise((resolve) => socket.close(() => resolve())),
  };
}

/** The first message of a child process or a worker, as `T`. */
export function firstMessage<T>(from: {
  once(event: 'message', listener: (message: T) => void): unknown;
}): Promise<T> {
  return new Promise((resolve) => void from.once('message', resolve));
}

/**
 * Resolves when the process no longer runs; rejects when it still does after five seconds. A zombie, such as a child of
 * a terminated worker, no longer runs.
 */
export async function goneProcess(pid: number): Promise<void> {
  for (const deadline = performance.now() + 5000; performance.now() < deadline; await delay(5)) {
    const process_ = processEntry(pid);
    if (process_ === undefined || process_.state === 'Z') return;
  }
  throw new Error(`process ${pid} is still alive`);
}

/** The kernel's entry of a process (Linux); undefined where no process has that id. */
export function processEntry(pid: number): { state: string; group: number } | undefined {
  let stat: string;
  try {
    stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  } catch {
    return undefined;
  }
  // pid (name) state parent group …; the name may hold blanks and brackets.
  const [state = '', , group] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return { state, group: Number(group) };
}
