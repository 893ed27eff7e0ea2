import { setTimeout as delay } from 'node:timers/promises';

import type { Running } from '../../commands/command.ts';
import { LOADS } from '../edge/loads.ts';
import { memoryOctetsOf } from '../edge/process_usage.ts';
import { startReferenceEdge, type ReferenceEdge } from '../edge/reference_edge.ts';
import { runLoad, startPlatform, type Outcome } from '../edge/traffic.ts';
import { measured, type Measuring } from '../measured.ts';
import { startFloods } from './floods.ts';
import type { FloodOptions } from './options.ts';
import { floodFlaws, floodText, type FloodResults, type MemorySample } from './results.ts';

/** Good calls a second, before, during and after. */
const GOOD_RATE = 5;
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
  { seconds, rates, workers, folder }: FloodOptions,
  { signal, say, tick }: Measuring,
): Promise<FloodResults> {
  await using undo = new AsyncDisposableStack();
  say('starting the reference');
  const environment = workers > 1 ? { VOICE_EDGE_WORKERS: String(workers) } : {};
  const reference = await startReferenceEdge(folder, environment, signal);
  undo.defer(() => reference.process.stop());
  const platform = await startPlatform();
  undo.defer(async () => {
    await platform.stop();
  });

  say(`good calls before: ${BEFORE_SECONDS} s`);
  const before = await goodCalls(reference, BEFORE_SECONDS, signal);
  say(`the floods, with good calls beside them: ${seconds} s`);
  const floods = await startFloods(reference.at, reference.applications.password.id, rates);
  undo.defer(() => floods.stop());
  const calling = goodCalls(reference, seconds - MARGIN_SECONDS, signal);
  const [memory, during] = await Promise.all([memoryOver(seconds, reference, { signal, tick }), calling]);
  floods.stop();
  say(`good calls after: ${AFTER_SECONDS} s`);
  const after = await goodCalls(reference, AFTER_SECONDS, signal);
  reference.process.assertRunning();
  return { seconds, sent: { ...floods.counts }, calls: { before, during, after }, memory };
}

function goodCalls(reference: ReferenceEdge, seconds: number, signal: AbortSignal): Promise<Outcome> {
  const volume = { rate: GOOD_RATE, seconds };
  return runLoad(LOADS['authenticated-call'], reference.applications, reference.at, volume, signal);
}

async function memoryOver(
  seconds: number,
  { process: server }: ReferenceEdge,
  { signal, tick }: Pick<Measuring, 'signal' | 'tick'>,
): Promise<MemorySample[]> {
  const samples: MemorySample[] = [];
  for (let second = 0; second <= seconds; second += 1) {
    const octets = memoryOctetsOf(server.pid);
    samples.push({ second, octets });
    tick(`bench: ${second} of ${seconds} s, ${Math.round(octets / 2 ** 20)} MiB`);
    server.assertRunning();
    await delay(SAMPLE_MS, undefined, { signal });
  }
  return samples;
}
