import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

interface ProcessEntry {
  readonly pid: string;
  readonly parent: string;
  /** Its number in its own process namespace. */
  readonly innermost: string;
}

/**
 * CPU time of a process and all its descendants so far, user and system, in microseconds: the first number of each
 * thread's schedstat. A thread that has ended no longer counts, so compare two values only if no thread ended in
 * between.
 */
export function cpuMicrosOf(pid: number): number {
  let nanoseconds = 0;
  for (const folder of treeOf(pid)) {
    for (const thread of entriesOf(`${folder}/task`)) {
      const schedstat = textOf(`${folder}/task/${thread}/schedstat`);
      nanoseconds += Number(schedstat?.split(' ')[0] ?? 0);
    }
  }
  return nanoseconds / 1000;
}

/** Memory of a process and all its descendants, in octets (Pss): a page that several share counts once. */
export function memoryOctetsOf(pid: number): number {
  let kibibytes = 0;
  for (const folder of treeOf(pid)) {
    const pss = /^Pss:\s+(\d+) kB$/m.exec(textOf(`${folder}/smaps_rollup`) ?? '')?.[1];
    kibibytes += Number(pss ?? 0);
  }
  return kibibytes * 1024;
}

/** The folders in /proc of process `pid` (as numbered in our process namespace) and of all its descendants. */
function treeOf(pid: number): string[] {
  const entries = processes();
  const tree = entries.filter(({ innermost }) => innermost === String(pid));
  for (const { pid: member } of tree) tree.push(...entries.filter(({ parent }) => parent === member));
  return tree.map(({ pid: member }) => `/proc/${member}`);
}

/** The processes of our own namespace. If /proc belongs to an outer namespace, it numbers them differently. */
function processes(): ProcessEntry[] {
  const ours = readlinkSync('/proc/self/ns/pid');
  return entriesOf('/proc').flatMap((pid) => {
    if (!/^\d+$/.test(pid) || linkOf(`/proc/${pid}/ns/pid`) !== ours) return [];
    const status = textOf(`/proc/${pid}/status`) ?? '';
    const parent = /^PPid:\s+(\d+)$/m.exec(status)?.[1];
    const innermost = /^NSpid:.*\s(\d+)$/m.exec(status)?.[1];
    return parent === undefined || innermost === undefined ? [] : [{ pid, parent, innermost }];
  });
}

// A process may end between two reads; it then counts as empty.
function textOf(file: string): string | undefined {
  try {
    return readFileSync(file, 'latin1');
  } catch {
    return undefined;
  }
}

function linkOf(file: string): string | undefined {
  try {
    return readlinkSync(file);
  } catch {
    return undefined;
  }
}

function entriesOf(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
