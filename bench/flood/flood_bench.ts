import { setTimeout as delay } from 'node:timers/promises';

import type { Running } from '../../commands/command.ts';
import { memoryOctetsOf } from '../../harness/target/process_memory.ts';
import { HarnessError } from '../../harness/verdict.ts';
import { cpuMicrosOf } from '../edge/process_usage.ts';
import { startReferenceEdge, type ReferenceEdge } from '../edge/reference_edge.ts';
import { startPlatform } from '../edge/traffic.ts';
import { measured, type Measuring } from '../measured.ts';
import { startFloods, type Floods } from './floods.ts';
import { placeGoodCalls } from './good_calls.ts';
import type { FloodOptions } from './options.ts';
import { floodFlaws, floodText, type FloodResults, type MemorySample } from './results.ts';

const BEFORE_SECONDS = 5;
const AFTER_SECONDS = 5;
const SAMPLE_MS = 1000;
/** The good calls begin and end a little inside the floods. */
const MARGIN_SECONDS = 2;

/** Floods our edge, inside the lab, and resolves with the exit code. Rejects with a HarnessError if it cannot. */
export function floodBench(options: FloodOptions, running: Running): Promise<number> {
  return measured({ name: 'flood', folder: options.folder, running }, async (measuring) => {
    const results = await flooded(options, measuring);
    return { results, text: floodText(results), isGood: floodFlaws(results).length === 0 };
  });
}

async function flooded(
  { seconds, rates, workers, heap, folder }: FloodOptions,
  { signal, say, tick }: Measuring,
): Promise<FloodResults> {
  await using undo = new AsyncDisposableStack();
  say('starting the reference');
  const environment = workers > 1 ? { VOICE_EDGE_WORKERS: String(workers) } : {};
  const flags = heap === undefined ? [] : [`--max-old-space-size=${heap}`];
  const reference = await startReferenceEdge(folder, environment, signal, flags);
  undo.defer(() => reference.process.stop());
  const platform = await startPlatform();
  undo.defer(async () => {
    await platform.stop();
  });

  say(`good calls before: ${BEFORE_SECONDS} s`);
  const before = await placeGoodCalls(reference, BEFORE_SECONDS, signal);
  say(`the floods, with good calls beside them: ${seconds} s`);
  const busyBefore = cpuMicrosOf(reference.process.pid);
  const floods = await startFloods(reference.at, reference.applications.password.id, rates);
  undo.defer(() => floods.stop());
  const calling = placeGoodCalls(reference, seconds - MARGIN_SECONDS, signal);
  const [memory, during] = await Promise.all([
    memoryOver(seconds, { reference, floods }, { signal, tick }),
    calling,
  ]);
  floods.stop();
  const busy = cpuMicrosOf(reference.process.pid) - busyBefore;
  const sent = floods.counts();
  const death = endOf(reference);
  // A process that has ended says no more how long it was busy.
  if (death !== undefined)
    return { seconds, heap, sent, cpu: undefined, calls: { before, during }, memory, death };
  const cpu = busy / (seconds * 1e6);
  say(`good calls after: ${AFTER_SECONDS} s`);
  const after = await placeGoodCalls(reference, AFTER_SECONDS, signal);
  return { seconds, heap, sent, cpu, calls: { before, during, after }, memory, death: endOf(reference) };
}

/** How the edge ended, undefined while it runs. */
function endOf({ process: server }: ReferenceEdge): string | undefined {
  try {
    server.assertRunning();
    return undefined;
  } catch (error) {
    if (error instanceof HarnessError) return error.message;
    throw error;
  }
}

/** A sample a second, until the edge ends. */
async function memoryOver(
  seconds: number,
  { reference, floods }: { readonly reference: ReferenceEdge; readonly floods: Floods },
  { signal, tick }: Pick<Measuring, 'signal' | 'tick'>,
): Promise<MemorySample[]> {
  const samples: MemorySample[] = [];
  for (let second = 0; second <= seconds && endOf(reference) === undefined; second += 1) {
    const octets = memoryOctetsOf(reference.process.pid);
    samples.push({ second, octets, connections: floods.connections });
    const mebibytes = Math.round(octets / 2 ** 20);
    tick(`bench: ${second} of ${seconds} s, ${mebibytes} MiB, ${floods.connections} connections`);
    await delay(SAMPLE_MS, undefined, { signal });
  }
  return samples;
}
