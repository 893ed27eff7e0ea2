import { cpus, totalmem } from 'node:os';

import type { ContenderName } from './contender.ts';
import type { LoadName } from './loads.ts';

/** How one server took one load, over all rounds. */
export interface Measurement {
  /** CPU time of all its processes and threads for one call, user and system, in µs: the median of the rounds. */
  readonly cpuMicrosPerCall: number;
  /** Calls of all rounds that were not completed. */
  readonly failed: number;
  /** Messages that callers sent again, in all rounds. */
  readonly retransmitted: number;
  /** Memory of all its processes when a round had ended, in octets, pages that they share counted once: the most. */
  readonly memoryOctets: number;
}

/** One load at one rate. `kamailio` and `ratio` are null if Kamailio did not run. */
export interface Run {
  readonly load: LoadName;
  /** Calls a second. */
  readonly rate: number;
  readonly ours: Measurement;
  readonly kamailio: Measurement | null;
  /** Our CPU time for a call over Kamailio's. */
  readonly ratio: number | null;
}

/** The highest rate of a load at which no call failed and no message was sent again. */
export interface Maximum {
  /** Calls a second; 0 if not even the first step was clean. */
  readonly ours: number;
  readonly kamailio: number | null;
  /** Why each did not go on to the next step. */
  readonly limits: Readonly<Partial<Record<ContenderName, string>>>;
}

/** Memory of a server's processes in octets, pages that they share counted once. */
export interface DialogMemory {
  /** Just started. */
  readonly before: number;
  /** With all dialogs just set up and their INVITE transactions still kept. */
  readonly open: number;
  /** With all dialogs open and those transactions gone; null if the bench did not wait for that. */
  readonly settled: number | null;
  readonly failed: number;
}

/** The memory that this many open dialogs took on each server; null if Kamailio did not run. */
export interface Memory {
  readonly dialogs: number;
  readonly ours: DialogMemory;
  readonly kamailio: DialogMemory | null;
}

/** CPU time of one call in microseconds, by what is called. */
export type Micro = Readonly<Record<string, number>>;

/** The machine and the programs, to tell which reports can be compared. */
export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  readonly memoryOctets: number;
  readonly kernel: string;
  readonly node: string;
  readonly kamailio: string | null;
  readonly rounds: number;
  readonly seconds: number;
  readonly workers: number;
  readonly date: string;
}

/** What reports/out/bench-edge.json holds. */
export interface EdgeBench {
  readonly runs: readonly Run[];
  readonly maximum: Readonly<Partial<Record<LoadName, Maximum>>> | null;
  readonly memory: Memory | null;
  readonly micro: Micro | null;
  readonly machine: Machine;
}

/** The facts of this machine, added to those of the run. */
export function machineFacts(
  run: Pick<Machine, 'kernel' | 'kamailio' | 'rounds' | 'seconds' | 'workers'>,
): Machine {
  const processors = cpus();
  return {
    cpu: processors[0]?.model ?? 'unknown',
    cores: processors.length,
    memoryOctets: totalmem(),
    node: process.version,
    date: new Date().toISOString(),
    ...run,
  };
}

/** One round's figures of one server. */
export type Round = Measurement;

/** The rounds as one measurement. Throws if there are none. */
export function overRounds(rounds: readonly Round[]): Measurement {
  return {
    cpuMicrosPerCall: median(rounds.map(({ cpuMicrosPerCall }) => cpuMicrosPerCall)),
    failed: sum(rounds.map(({ failed }) => failed)),
    retransmitted: sum(rounds.map(({ retransmitted }) => retransmitted)),
    memoryOctets: Math.max(...rounds.map(({ memoryOctets }) => memoryOctets)),
  };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

/** The middle value; of an even number of values, the mean of the two in the middle. Throws if there are none. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const upper = sorted[sorted.length >> 1];
  const lower = sorted[(sorted.length - 1) >> 1];
  if (upper === undefined || lower === undefined) throw new Error('no median of nothing');
  return (lower + upper) / 2;
}
