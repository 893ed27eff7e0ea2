import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';

import { HarnessError } from '../verdict.ts';
import { processTree, type SeenProcess } from './process_tree.ts';

/** What a target closes meanwhile frees a number; so often it is looked for. */
const LOOK_MS = 20;

/**
 * Leaves a target no file descriptor beyond those it has: from now on, no process of its tree can open a file, accept
 * a connection or make a socket. What it has open stays open, and what it closes it does not get back. Returns what
 * gives the limits back; calling that again changes nothing. Throws a HarnessError where the limits of the processes cannot be changed.
 *
 * @param pid the target's process
 */
export function withoutDescriptors(pid: number): () => void {
  const limits: { readonly pid: number; readonly soft: string }[] = [];
  const free = new Map<number, number>();
  const lower = (member: SeenProcess): void => {
    const lowest = lowestFree(member);
    if (lowest >= (free.get(member.pid) ?? Infinity)) return;
    free.set(member.pid, lowest);
    setSoftLimit(member.pid, String(lowest));
  };
  const watch = setInterval(() => {
    try {
      for (const member of processTree(pid)) if (free.has(member.pid)) lower(member);
    } catch {
      // A process that has just ended needs no limit.
    }
  }, LOOK_MS).unref();
  const restore = (): void => {
    clearInterval(watch);
    for (const { pid: each, soft } of limits.splice(0)) setSoftLimit(each, soft);
  };
  try {
    for (const member of processTree(pid)) {
      limits.push({ pid: member.pid, soft: softLimit(member.pid) });
      lower(member);
    }
  } catch (error) {
    restore();
    throw error;
  }
  if (limits.length === 0) throw new HarnessError(`process ${pid} cannot be seen in /proc`);
  return restore;
}

/** No descriptor is opened with a number as high as the limit, and the lowest free one is always taken (open(2)). */
function lowestFree({ folder }: SeenProcess): number {
  const open = new Set(readdirSync(`${folder}/fd`));
  let free = 0;
  while (open.has(String(free))) free++;
  return free;
}

function softLimit(pid: number): string {
  return prlimit(pid, '--nofile', '--noheadings', '--raw', '--output', 'SOFT').trim();
}

function setSoftLimit(pid: number, soft: string): void {
  prlimit(pid, `--nofile=${soft}:`);
}

function prlimit(pid: number, ...words: string[]): string {
  try {
    return execFileSync('prlimit', ['--pid', String(pid), ...words], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  } catch (error) {
    throw new HarnessError(`the limits of process ${pid} cannot be changed: ${String(error)}`, {
      cause: error,
    });
  }
}
