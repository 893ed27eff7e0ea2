import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

interface ProcessEntry {
  readonly pid: string;
  readonly parent: string;
  /** Its number in its own process namespace. */
  readonly innermost: string;
}

/**
 * CPU time that a process and all its descendants have had so far, user and system, in microseconds: the first
 * number of each thread's schedstat. A thread that has ended counts no more: ask before and after a time in which
 * none ends.
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

/** Memory of a process and all its descendants in octets; a page that several of them share counts once (Pss). */
export function memoryOctetsOf(pid: number): number {
  let kibibytes = 0;
  for (const folder of treeOf(pid)) {
    const pss = /^Pss:\s+(\d+) kB$/m.exec(textOf(`${folder}/smaps_rollup`) ?? '')?.[1];
    kibibytes += Number(pss ?? 0);
  }
  return kibibytes * 1024;
}

/** Folders in /proc of the process `pid` of our own process namespace and of all its descendants. */
function treeOf(pid: number): string[] {
  const entries = processes();
  const tree = entries.filter(({ innermost }) => innermost === String(pid));
  for (const { pid: member } of tree) tree.push(...entries.filter(({ parent }) => parent === member));
  return tree.map(({ pid: member }) => `/proc/${member}`);
}

/** The processes of our own namespace. Where /proc is an outer namespace's, their numbers there are others. */
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

// A process may end between two looks at it: then it has nothing any more.
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
