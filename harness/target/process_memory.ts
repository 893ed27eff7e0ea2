import { setTimeout as delay } from 'node:timers/promises';

import { processTree, textOf } from './process_tree.ts';

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
  for (const { folder } of processTree(pid)) {
    const pss = /^Pss:\s+(\d+) kB$/m.exec(textOf(`${folder}/smaps_rollup`) ?? '')?.[1];
    kibibytes += Number(pss ?? 0);
  }
  return kibibytes * 1024;
}
