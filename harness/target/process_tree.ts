import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

/** A process as the kernel shows it. */
export interface SeenProcess {
  /** Its number in our process namespace. */
  readonly pid: number;
  /** Its folder in /proc. */
  readonly folder: string;
}

/** Process `pid` and all its descendants; none where it has ended, or the machine has no /proc. */
export function processTree(pid: number): readonly SeenProcess[] {
  const entries = processes();
  const tree = entries.filter(({ innermost }) => innermost === String(pid));
  for (const { pid: member } of tree) tree.push(...entries.filter(({ parent }) => parent === member));
  return tree.map((member) => ({ pid: Number(member.innermost), folder: `/proc/${member.pid}` }));
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

/** What stands in a file of /proc; undefined where its process has ended meanwhile. */
export function textOf(file: string): string | undefined {
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
