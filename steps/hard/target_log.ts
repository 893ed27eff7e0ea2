import { createApplication } from '../../harness/clients/application.ts';
import type { ConformanceWorld } from '../world.ts';

/** How long the target may take to log a request that it has answered. */
const PATIENCE_MS = 5_000;

/** The target's log, with the file it is in. */
export interface ReadLog {
  readonly lines: readonly string[];
  readonly file: string;
}

/**
 * What the target has logged of everything that was asked of it so far. To know that it is there, an application is
 * made and read: once the log names that one, it has named what came before. Otherwise the scenario is left unjudged:
 * a log that does not name what was asked proves nothing by its silence.
 */
export async function targetLogOf(world: ConformanceWorld): Promise<ReadLog | 'skipped'> {
  const { targetLog } = world.bench;
  if (targetLog === undefined) {
    const reason = 'the run did not start the target, so it has not its log';
    return world.withhold({ verdict: 'inconclusive', reason });
  }
  const mark = await madeAndRead(world);
  const lines = await targetLog.linesOnceMarked(mark, PATIENCE_MS);
  if (lines !== undefined) return { lines, file: targetLog.file };
  const reason = `the target logs nothing about an application that is read (${PATIENCE_MS / 1000} s were waited), so its log is no witness`;
  return world.withhold({ verdict: 'inconclusive', reason });
}

async function madeAndRead(world: ConformanceWorld): Promise<string> {
  const { id } = await createApplication(world.api);
  await world.api.get(id);
  return id;
}
