import type { Outcome } from '../edge/traffic.ts';
import type { FloodCounts } from './floods.ts';

/** Memory of the edge's processes, in octets, at a second of the floods. */
export interface MemorySample {
  readonly second: number;
  readonly octets: number;
}

/** What reports/out/bench-flood.json holds. */
export interface FloodResults {
  readonly seconds: number;
  readonly sent: FloodCounts;
  /** The good calls. */
  readonly calls: { readonly before: Outcome; readonly during: Outcome; readonly after: Outcome };
  readonly memory: readonly MemorySample[];
}

/** How far the last quarter may exceed the third: memory swings with V8's collector. */
const MOST_GROWTH = 1.1;

/** A sentence for each requirement that did not hold; empty if all held. */
export function floodFlaws({ calls, memory }: FloodResults): string[] {
  const flaws = Object.entries(calls)
    .filter(([, { failed }]) => failed > 0)
    .map(([when, { failed, calls: begun }]) => `${failed} of ${begun} good calls ${when} the floods failed`);
  const growth = memoryGrowth(memory);
  if (growth > MOST_GROWTH)
    flaws.push(`memory has not levelled off: it grew ${growth.toFixed(2)}-fold at the end`);
  return flaws;
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
  const { seconds, sent, calls, memory } = results;
  const shown = memory.filter(({ second }) => second % Math.max(1, Math.floor(seconds / 6)) === 0);
  const goodCalls = Object.entries(calls).map(
    ([when, { calls: begun, failed, retransmitted }]) =>
      `good calls ${when}: ${begun}, ${failed} failed, ${retransmitted} messages sent again`,
  );
  const flaws = floodFlaws(results);
  return [
    `${seconds} s of floods: ${sent.garbage} datagrams of garbage, ${sent.invites} INVITEs, ` +
      `${sent.connections} half-open connections`,
    ...goodCalls,
    `memory: ${shown.map(({ second, octets }) => `${mebibytes(octets)} at ${second} s`).join(', ')}`,
    `memory, last quarter over the one before: ${memoryGrowth(memory).toFixed(2)}`,
    flaws.length === 0 ? 'held' : `did not hold: ${flaws.join('; ')}`,
  ].join('\n');
}

function mebibytes(octets: number): string {
  return `${Math.round(octets / 2 ** 20)} MiB`;
}
