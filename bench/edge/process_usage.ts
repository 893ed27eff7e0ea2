import { readdirSync, readFileSync } from 'node:fs';

import { processTree } from '../../harness/target/process_tree.ts';

/**
 * CPU time of a process and all its descendants so far, user and system, in microseconds: the first number of each
 * thread's schedstat. A thread that has ended no longer counts, so compare two values only if no thread ended in
 * between.
 */
export function cpuMicrosOf(pid: number): number {
  const threads = processTree(pid).flatMap(({ folder }) =>
    entriesOf(`${folder}/task`).map((thread) => `${folder}/task/${thread}/schedstat`),
  );
  return threads.reduce((sum, file) => sum + Number(textOf(file).split(' ')[0]), 0) / 1000;
}

// A process or thread may end between two reads; it then counts as idle.
function entriesOf(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'latin1');
  } catch {
    return '';
  }
}
