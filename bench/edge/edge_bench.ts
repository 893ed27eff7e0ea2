import { release } from 'node:os';

import type { Running } from '../../commands/command.ts';
import { measured, type Measuring } from '../measured.ts';
import { measureParsers, missingParsers } from '../parsers.ts';
import { measureSipCore } from '../sip_core.ts';
import { chart } from './chart.ts';
import type { Contender } from './contender.ts';
import { kamailioVersion, startKamailio } from './kamailio.ts';
import { LOADS, type LoadName } from './loads.ts';
import { cleanMaximum, dialogMemory, measuredRound, untilQuiet, type Setting } from './measuring.ts';
import type { EdgeBenchOptions } from './options.ts';
import { startReferenceEdge, type ReferenceEdge } from './reference_edge.ts';
import {
  machineFacts,
  overRounds,
  type DialogMemory,
  type EdgeBench,
  type Maximum,
  type Memory,
  type Round,
  type Run,
} from './results.ts';
import { assertSameWork } from './same_work.ts';
import { tableText } from './table.ts';

/** Lets caches fill and, above all, our compiler finish before anything is measured. */
const WARM_UP = { full: { rate: 500, seconds: 6 }, quick: { rate: 500, seconds: 4 } };
const STEPS = {
  full: { first: 1000, step: 250, last: 6000, seconds: 5 },
  quick: { first: 1000, step: 1000, last: 4000, seconds: 3 },
};
/** RFC 3261 17.2.1, RFC 6026: a call's transactions are gone 64*T1, 32 s, after their last message. */
const HELD = { full: { dialogs: 10_000, settleMs: 36_000 }, quick: { dialogs: 1000, settleMs: 0 } };
const MAXIMUM_LOADS: readonly LoadName[] = ['authenticated-call', 'ip-only-call'];

/** What the bench works with. */
interface Bench extends Measuring {
  readonly options: EdgeBenchOptions;
}

/** Measures, inside the lab, and resolves with the exit code. Rejects with a HarnessError if it cannot measure. */
export function edgeBench(options: EdgeBenchOptions, running: Running): Promise<number> {
  return measured({ name: 'edge', folder: options.folder, running }, async (measuring) => {
    const results = await everything({ options, ...measuring });
    const { runs, micro } = results;
    return {
      results,
      text: tableText(results),
      files: runs.length > 0 ? { 'bench-edge.svg': chart(runs) } : {},
      missing: micro === null ? undefined : missingParsers(),
      isGood: runs.every(({ ours, kamailio }) => ours.failed + (kamailio?.failed ?? 0) === 0),
    };
  });
}

async function everything(bench: Bench): Promise<EdgeBench> {
  const { options, say } = bench;
  const { parts, rounds, seconds, workers, withKamailio } = options;
  if (parts.has('micro')) say('parser and core alone');
  const micro = parts.has('micro') ? { ...measureSipCore(), ...measureParsers() } : null;
  const loads =
    parts.has('runs') || parts.has('maximum') ? await underLoad(bench) : { runs: [], maximum: null };
  // Fresh servers: memory left over from a long run would count as the dialogs'.
  const memory = parts.has('memory') ? await memories(bench) : null;
  const kamailio = withKamailio ? kamailioVersion() : null;
  const machine = machineFacts({ kernel: release(), kamailio, rounds, seconds, workers });
  return { ...loads, memory, micro, machine };
}

/** Starts both servers; the second gets the applications of the first. */
async function startBoth(
  { options, signal, say }: Bench,
  undo: AsyncDisposableStack,
  keepsDialogs: boolean,
): Promise<{ reference: ReferenceEdge; contenders: readonly Contender[] }> {
  const { folder, workers, withKamailio } = options;
  say('starting the reference');
  const environment = workers > 1 ? { VOICE_EDGE_WORKERS: String(workers) } : {};
  const reference = await startReferenceEdge(folder, environment, signal);
  undo.defer(() => reference.process.stop());
  const contenders: Contender[] = [reference];
  if (withKamailio) {
    say('starting Kamailio');
    const kamailio = await startKamailio(folder, reference.applications, { workers, keepsDialogs }, signal);
    undo.defer(async () => {
      await kamailio.process.stop();
      kamailio.cleanUp();
    });
    contenders.push(kamailio);
  }
  for (const contender of contenders) {
    say(`checking that ${contender.name} does the work`);
    await assertSameWork(contender, reference.applications);
  }
  return { reference, contenders };
}

async function underLoad(bench: Bench): Promise<Pick<EdgeBench, 'runs' | 'maximum'>> {
  const { options, signal, say } = bench;
  await using undo = new AsyncDisposableStack();
  const { reference, contenders } = await startBoth(bench, undo, false);
  const setting = { applications: reference.applications, signal };
  for (const contender of contenders) {
    for (const name of options.loads) {
      say(`warming up ${contender.name}: ${name}`);
      await measuredRound(contender, LOADS[name], WARM_UP[sizeOf(options)], setting);
    }
  }
  const runs: Run[] = [];
  if (options.parts.has('runs')) {
    for (const name of options.loads) {
      for (const rate of options.rates) runs.push(await alternating(name, rate, contenders, setting, bench));
    }
  }
  return { runs, maximum: options.parts.has('maximum') ? await maxima(contenders, setting, bench) : null };
}

/** Ours, theirs, theirs, ours, …: neither always comes second. */
async function alternating(
  name: LoadName,
  rate: number,
  contenders: readonly Contender[],
  setting: Setting,
  { options: { rounds, seconds }, say }: Bench,
): Promise<Run> {
  const measuredOf = new Map(contenders.map((contender): [Contender, Round[]] => [contender, []]));
  for (let round = 0; round < rounds; round += 1) {
    const order = round % 2 === 0 ? contenders : contenders.toReversed();
    for (const contender of order) {
      say(`${name}, ${rate}/s, round ${round + 1} of ${rounds}: ${contender.name}`);
      const result = await measuredRound(contender, LOADS[name], { rate, seconds }, setting);
      measuredOf.get(contender)?.push(result);
    }
  }
  const [ours, kamailio] = [...measuredOf.values()].map(overRounds);
  if (ours === undefined) throw new Error('no server was measured');
  return {
    load: name,
    rate,
    ours,
    kamailio: kamailio ?? null,
    ratio: kamailio === undefined ? null : ours.cpuMicrosPerCall / kamailio.cpuMicrosPerCall,
  };
}

async function maxima(
  contenders: readonly Contender[],
  setting: Setting,
  { options, say }: Bench,
): Promise<Partial<Record<LoadName, Maximum>>> {
  const maximum: Partial<Record<LoadName, Maximum>> = {};
  for (const name of MAXIMUM_LOADS.filter((load) => options.loads.includes(load))) {
    const rates: Record<Contender['name'], number | null> = { ours: 0, kamailio: null };
    const limits: Partial<Record<Contender['name'], string>> = {};
    for (const contender of contenders) {
      say('waiting until the servers are idle');
      await untilQuiet(contenders, setting.signal);
      const steps = STEPS[sizeOf(options)];
      const { rate, limit } = await cleanMaximum(contender, LOADS[name], steps, setting, say);
      rates[contender.name] = rate;
      limits[contender.name] = limit;
    }
    maximum[name] = { ours: rates.ours ?? 0, kamailio: rates.kamailio, limits };
  }
  return maximum;
}

async function memories(bench: Bench): Promise<Memory> {
  const { options, signal, say } = bench;
  await using undo = new AsyncDisposableStack();
  const { reference, contenders } = await startBoth(bench, undo, true);
  const setting = { applications: reference.applications, signal };
  const held = HELD[sizeOf(options)];
  const figures: DialogMemory[] = [];
  for (const contender of contenders) {
    say(`${held.dialogs} open dialogs: ${contender.name}`);
    figures.push(await dialogMemory(contender, held, setting));
  }
  const [ours, kamailio] = figures;
  if (ours === undefined) throw new Error('no server was measured');
  return { dialogs: held.dialogs, ours, kamailio: kamailio ?? null };
}

function sizeOf({ isQuick }: EdgeBenchOptions): 'quick' | 'full' {
  return isQuick ? 'quick' : 'full';
}
