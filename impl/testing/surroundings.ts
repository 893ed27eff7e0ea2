import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

const POLL_MS = 10;

/** A limit of the kernel on a running process, by the name that prlimit(1) has for it. */
type Limit = 'fsize' | 'nofile';

/** Sets a soft limit of a running process, as an administrator can: `hard` lifts it. */
export function limited(pid: number | undefined, limit: Limit, to: number | 'hard'): void {
  const hard = to === 'hard' ? hardLimit(pid, limit) : String(to);
  execFileSync('prlimit', ['--pid', String(pid), `--${limit}=${hard}:`]);
}

/** Leaves a running process no descriptor beyond those it has open now. */
export function leftNoDescriptor(pid: number | undefined): void {
  const open = new Set(readdirSync(`/proc/${pid}/fd`));
  let free = 0;
  while (open.has(String(free))) free++;
  limited(pid, 'nofile', free);
}

function hardLimit(pid: number | undefined, limit: Limit): string {
  return execFileSync('prlimit', ['--pid', String(pid), `--${limit}`, '--noheadings', '--raw', '-o', 'HARD'])
    .toString()
    .trim();
}

/** Asks again until `answer` is no longer undefined. */
export async function until<T>(answer: () => T | undefined | Promise<T | undefined>): Promise<T> {
  for (;;) {
    const found = await answer();
    if (found !== undefined) return found;
    await delay(POLL_MS);
  }
}

/** The value of a metric's line; 0 if there is none. */
export async function metric(url: string, name: string): Promise<number> {
  const answer = await fetch(`${url}/metrics`);
  if (answer.status !== 200) throw new Error(`/metrics: ${answer.status}`);
  const line = (await answer.text()).split('\n').find((each) => each.startsWith(`${name} `));
  return line === undefined ? 0 : Number(line.slice(name.length + 1));
}
