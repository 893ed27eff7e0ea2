import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

const SAMPLE_MS = 200;

/** Memory of a target at one moment of a flood. */
export interface MemorySample {
  /** Octets that the flood had sent by then. */
  readonly sent: number;
  /** Octets of memory. */
  readonly held: number;
}

/** Samples the memory of a process and all its descendants until `over`. */
export async function memoryWhile(
  over: Promise<unknown>,
  pid: number,
  sent: () => number,
): Promise<readonly MemorySample[]> {
  const samples: MemorySample[] = [];
  const sample = (): void => void samples.push({ sent: sent(), held: memoryOctetsOf(pid) });
  const ended = over.then(() => true);
  do sample();
  while (!(await Promise.race([ended, delay(SAMPLE_MS, false)])));
  sample();
  return samples;
}

/** Memory of a process and all its descendants, in octets (Pss): a page that several share counts once. */
export function memoryOctetsOf(pid: number): number {
  let kibibytes = 0;
  for (const folder of processFolders(pid)) {
    const pss = /^Pss:\s+(\d+) kB$/m.exec(textOf(`${folder}/smaps_rollup`) ?? '')?.[1];
    kibibytes += Number(pss ?? 0);
  }
  return kibibytes * 1024;
}

/** The folders in /proc of process `pid` (as numbered in our process namespace) and of all its descendants. */
export function processFolders(pid: number): string[] {
  const entries = processes();
  const tree = entries.filter(({ innermost }) => innermost === String(pid));
  for (const { pid: member } of tree) tree.push(...entries.filter(({ parent }) => parent === member));
  return tree.map(({ pid: member }) => `/proc/${member}`);
}

interface ProcessEntry {
  readonly pid: string;
  readonly parent: string;
  /** Its number in its own process namespace. */
  readonly innermost: string;
}

/** The processes of our own namespace. If /proc belongs to an outer namespace, it numbers them differently. */
function processes(): ProcessEntry[] {
  const ours = linkOf('/proc/self/ns/pid');
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
