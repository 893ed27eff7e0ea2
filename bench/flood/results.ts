import type { Outcome } from '../edge/traffic.ts';
import type { FloodCounts } from './floods.ts';
import type { GoodCalls } from './good_calls.ts';

/** What the floods came to at one second. */
export interface MemorySample {
  readonly second: number;
  /** Memory of the edge's processes, in octets. */
  readonly octets: number;
  /** Attackers' connections that were open. */
  readonly connections: number;
}

/** What reports/out/bench-flood.json holds. */
export interface FloodResults {
  readonly seconds: number;
  readonly heap: number | undefined;
  readonly sent: FloodCounts;
  /** Processors that the edge kept busy during the floods; undefined where it ended. */
  readonly cpu: number | undefined;
  /** The good calls; none after the floods where the edge had ended. */
  readonly calls: { readonly before: GoodCalls; readonly during: GoodCalls; readonly after?: GoodCalls };
  readonly memory: readonly MemorySample[];
  /** How the edge ended, undefined if it lived. */
  readonly death: string | undefined;
}

/** How far the last quarter may exceed the third: memory swings with V8's collector. */
const MOST_GROWTH = 1.1;
/** The part of the good calls that may fail: a datagram that is lost for want of room is sent again, but not for ever. */
const MOST_FAILED = { before: 0, during: 0.01, after: 0 };

type When = keyof typeof MOST_FAILED;

/** A sentence for each requirement that did not hold; empty if all held. */
export function floodFlaws(results: FloodResults): string[] {
  const flaws = outcomes(results)
    .filter(({ when, outcome: { calls, failed } }) => failed > MOST_FAILED[when] * Math.max(calls, failed))
    .map(({ when, over, outcome: { calls, failed } }) => {
      const begun = Math.max(calls, failed);
      return `${failed} of ${begun} good calls over ${over} ${when} the floods failed`;
    });
  const growth = memoryGrowth(results.memory);
  if (growth > MOST_GROWTH)
    flaws.push(`memory has not levelled off: it grew ${growth.toFixed(2)}-fold at the end`);
  if (results.death !== undefined) flaws.push(results.death);
  return flaws;
}

interface NamedOutcome {
  readonly when: When;
  readonly over: string;
  readonly outcome: Outcome;
}

function outcomes({ calls: { before, during, after } }: FloodResults): NamedOutcome[] {
  const named = [...outcomesOf('before', before), ...outcomesOf('during', during)];
  return after ? [...named, ...outcomesOf('after', after)] : named;
}

function outcomesOf(when: When, { udp, tcp }: GoodCalls): NamedOutcome[] {
  return [
    { when, over: 'UDP', outcome: udp },
    { when, over: 'TCP', outcome: tcp },
  ];
}

/** The mean of the last quarter of the samples over that of the third: 1 if memory has levelled off. */
function memoryGrowth(memory: readonly MemorySample[]): number {
  const quarter = Math.floor(memory.length / 4);
  const mean = (samples: readonly MemorySample[]): number =>
    samples.reduce((sum, { octets }) => sum + octets, 0) / Math.max(1, samples.length);
  return mean(memory.slice(-quarter)) / mean(memory.slice(-2 * quarter, -quarter));
}

/** The results as text for a terminal. */
export function floodText(results: FloodResults): string {
  const { seconds, heap, sent, cpu, memory } = results;
  const { datagrams: sentBy, connections: begun } = sent;
  const shown = memory.filter(({ second }) => second % Math.max(1, Math.floor(memory.length / 6)) === 0);
  const goodCalls = outcomes(results).map(
    ({ when, over, outcome: { calls, failed, retransmitted } }) =>
      `good calls over ${over} ${when}: ${calls}, ${failed} failed, ${retransmitted} messages sent again`,
  );
  const flaws = floodFlaws(results);
  return [
    `${seconds} s of floods${heap === undefined ? '' : `, a heap of ${heap} MB`}: ` +
      `${sentBy.garbage} datagrams of garbage, ${sentBy.invites} INVITEs, ${sentBy.options} OPTIONS, ` +
      `${sentBy.largeOptions} large OPTIONS, ${sentBy.largeInvites} large INVITEs`,
    `connections begun: ${begun.deaf} that read nothing, with ${sent.unreadRequests} requests, ` +
      `${begun.pinging} kept open by line breaks, ${begun.halfOpen} half-open; ` +
      `open at once: ${Math.max(...memory.map(({ connections }) => connections))}`,
    ...goodCalls,
    cpu === undefined
      ? `the edge ended after ${memory.length} s`
      : `the edge kept ${cpu.toFixed(2)} processors busy`,
    `memory: ${shown.map(({ second, octets }) => `${mebibytes(octets)} at ${second} s`).join(', ')}`,
    `memory, last quarter over the one before: ${memoryGrowth(memory).toFixed(2)}`,
    flaws.length === 0 ? 'held' : `did not hold: ${flaws.join('; ')}`,
  ].join('\n');
}

function mebibytes(octets: number): string {
  return `${Math.round(octets / 2 ** 20)} MiB`;
}
