import { setImmediate as turn } from 'node:timers/promises';

import { Then, When } from '@cucumber/cucumber';

import { eachSetUp, levelledOff, showCourse } from '../../harness/expect/floods.ts';
import { must } from '../../harness/expect/match.ts';
import { memoryWhile, type MemorySample } from '../../harness/target/process_memory.ts';
import {
  HeldConnections,
  startDatagrams,
  strangersRequest,
  type DatagramFlood,
  type HeldFlood,
  type RunningFlood,
} from '../../harness/traffic/flood.ts';
import { HarnessError } from '../../harness/verdict.ts';
import { dial } from '../sip/dial.ts';
import type { ConformanceWorld } from '../world.ts';
import { uriOf } from './knock.ts';

/** A flood that a scenario has begun. */
interface Flood {
  readonly over: Promise<void>;
  /** What the target's memory did meanwhile; absent where that is no matter, or the run did not start the target. */
  readonly memory?: Promise<readonly MemorySample[]>;
}

const floods = new WeakMap<ConformanceWorld, Flood>();
const LARGE_METHODS = ['OPTIONS', 'INVITE', 'REGISTER'];
/** How much of a message that is never ended is missing. */
const MISSING_OCTETS = 10;
/** How often a flood is sent while memory grows with it: a collector of garbage may let much of it gather first. */
const MOST_ROUNDS = 5;

function floodOf(world: ConformanceWorld): Flood {
  const begun = floods.get(world);
  if (!begun) throw new HarnessError('nothing floods the service');
  return begun;
}

/** Leaves the scenario unjudged where no flood may be sent; undefined where one may. */
export function withheldOutsideLab(world: ConformanceWorld): 'skipped' | undefined {
  const { placeName } = world.parameters;
  if (placeName === 'lab') return undefined;
  const reason = `floods are sent inside the lab only, and this is the place "${placeName}"`;
  return world.withhold({ verdict: 'inconclusive', reason });
}

/** Floods the service with these datagrams, each made anew. */
export async function flood(world: ConformanceWorld, how: DatagramFlood): Promise<void> {
  const { over } = await startDatagrams(world.parameters.place.sip, how, world.ending);
  floods.set(world, { over: heardLater(over) });
}

/**
 * Floods the service, and does so again while the target's memory grows with what is sent. Leaves the scenario unjudged
 * where no flood may be sent.
 */
async function floodInRounds(
  world: ConformanceWorld,
  start: () => Promise<RunningFlood>,
): Promise<'skipped' | undefined> {
  const withheld = withheldOutsideLab(world);
  if (withheld) return withheld;
  const { targetPid } = world.parameters;
  const first = await start();
  if (targetPid === undefined) {
    floods.set(world, { over: heardLater(first.over) });
    return undefined;
  }
  const rounds = async (): Promise<readonly MemorySample[]> => {
    const begun: RunningFlood[] = [];
    const sent = (): number => begun.reduce((sum, round) => sum + round.sent.octets, 0);
    const samples: MemorySample[] = [];
    do {
      const round = begun.length === 0 ? first : await start();
      begun.push(round);
      samples.push(...(await memoryWhile(round.over, targetPid, sent)));
    } while (begun.length < MOST_ROUNDS && !world.ending.aborted && !levelledOff(samples).ok);
    return samples;
  };
  const memory = heardLater(rounds());
  floods.set(world, { over: heardLater(memory.then(() => undefined)), memory });
  return undefined;
}

/** Whoever waits for it hears of its failure; a step that fails before must not end the process. */
function heardLater<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => undefined);
  return promise;
}

/** Does it again and again until the flood is over. */
export async function untilOver(world: ConformanceWorld, act: () => Promise<void>): Promise<void> {
  const { over } = floodOf(world);
  const ended = over.then(() => true);
  do await act();
  while (!(await Promise.race([ended, turn(false)])));
}

/** Rule: hard.flood.memory. */
When(
  '{int} strangers send OPTIONS, INVITEs and REGISTERs of {int} kB, {int} a second for {int} seconds',
  function (this: ConformanceWorld, strangers: number, kilobytes: number, aSecond: number, seconds: number) {
    const { sip } = this.parameters.place;
    const uri = uriOf(this);
    return floodInRounds(this, () => {
      const prefix = this.randomness.hex(8);
      const datagram: DatagramFlood['datagram'] = (number, local) =>
        strangersRequest({
          method: LARGE_METHODS[number % LARGE_METHODS.length] ?? '',
          uri,
          id: `${prefix}${number}`,
          local,
          octets: kilobytes * 1000,
          padding: number % 2 === 0 ? 'body' : 'header',
        });
      const how = { strangers, aSecond, inAll: aSecond * seconds, datagram };
      return startDatagrams(sip, how, this.ending);
    });
  },
);

/** Rule: hard.flood.memory. */
When(
  '{int} strangers begin messages of {int} kB over TCP and do not end them, {int} a second for {int} seconds',
  function (this: ConformanceWorld, strangers: number, kilobytes: number, aSecond: number, seconds: number) {
    const { sip } = this.parameters.place;
    const uri = uriOf(this);
    return floodInRounds(this, async () => {
      const prefix = this.randomness.hex(8);
      const greeting: HeldFlood['greeting'] = (number, local) =>
        strangersRequest({
          method: 'INVITE',
          uri,
          id: `${prefix}${number}`,
          local,
          transport: 'TCP',
          octets: kilobytes * 1000,
          padding: 'both',
        }).slice(0, -MISSING_OCTETS);
      const how = { strangers, aSecond, inAll: aSecond * seconds, greeting };
      return HeldConnections.start(sip, how, this.ending);
    });
  },
);

When(
  /^it is called (over TCP )?with its password until the flood is over, and once more$/,
  async function (this: ConformanceWorld, overTcp: string | null) {
    const call = (): Promise<void> =>
      dial(this, { credentialsOf: this.application, transport: overTcp ? 'tcp' : 'udp' });
    await untilOver(this, call);
    await call();
  },
);

Then('each of the calls is set up', function (this: ConformanceWorld) {
  must(eachSetUp(this.calls));
});

Then("the target's memory has levelled off", async function (this: ConformanceWorld) {
  const samples = await floodOf(this).memory;
  if (samples === undefined || samples.some(({ held }) => held === 0)) {
    const reason = `${samples === undefined ? 'the run did not start the target' : 'this machine has no /proc'}, so its memory cannot be seen`;
    return this.withhold({ verdict: 'inconclusive', reason: `the calls succeeded; ${reason}` });
  }
  const table = samples.map(({ sent, held }) => `${sent} ${held}`);
  this.attach(['octets sent, octets of memory', ...table].join('\n'), {
    mediaType: 'text/plain',
    fileName: 'memory.txt',
  });
  if (!showCourse(samples)) throw new HarnessError(`only ${samples.length} samples of the target's memory`);
  must(levelledOff(samples));
  return undefined;
});
