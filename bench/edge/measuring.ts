import { setTimeout as delay } from 'node:timers/promises';

import { memoryOctetsOf } from '../../harness/target/process_memory.ts';
import type { Contender } from './contender.ts';
import { HELD_CALL_SCENARIO, type Load } from './loads.ts';
import { cpuMicrosOf } from './process_usage.ts';
import type { DialogMemory, Round } from './results.ts';
import {
  openCalls,
  runLoad,
  startPlatform,
  type CalledApplications,
  type Outcome,
  type Volume,
} from './traffic.ts';

/** A step is not clean if SIPp begins less than this part of the rate asked for. */
const LEAST_PACE = 0.9;
const ATTEMPTS = 3;
/** A little more than timer B and its like (RFC 3261 17.1.1.2). */
const LONGEST_REST_MS = 40_000;
const REST_LOOK_MS = 500;
/** The part of one core that all servers together may use when they count as idle. */
const QUIET_PART = 0.1;
const OPENING_RATE = 500;
const HOLD_MARGIN_MS = 5_000;

/** The applications that are called, and the signal to stop. */
export interface Setting {
  readonly applications: CalledApplications;
  readonly signal: AbortSignal;
}

/** Sends the load and measures the server's CPU time, from before the first call until after the last, and its memory. */
export async function measuredRound(
  contender: Contender,
  load: Load,
  volume: Volume,
  setting: Setting,
): Promise<Round & { readonly outcome: Outcome }> {
  const platform = load.isAnswered ? await startPlatform() : undefined;
  try {
    const before = cpuMicrosOf(contender.process.pid);
    const outcome = await runLoad(load, setting.applications, contender.at, volume, setting.signal);
    const spent = cpuMicrosOf(contender.process.pid) - before;
    contender.process.assertRunning();
    return {
      cpuMicrosPerCall: spent / Math.max(1, outcome.calls),
      failed: outcome.failed,
      retransmitted: outcome.retransmitted,
      memoryOctets: memoryOctetsOf(contender.process.pid),
      outcome,
    };
  } finally {
    await platform?.stop();
  }
}

/**
 * Resolves when the servers are idle: after too much load they retransmit for half a minute what nobody answers. Also
 * resolves after `LONGEST_REST_MS`, if they are not idle by then.
 */
export async function untilQuiet(contenders: readonly Contender[], signal: AbortSignal): Promise<void> {
  const spent = (): number => contenders.reduce((sum, { process }) => sum + cpuMicrosOf(process.pid), 0);
  const deadline = performance.now() + LONGEST_REST_MS;
  let before = spent();
  while (performance.now() < deadline) {
    await delay(REST_LOOK_MS, undefined, { signal });
    const now = spent();
    if (now - before < QUIET_PART * REST_LOOK_MS * 1000) return;
    before = now;
  }
}

/** The rates that `cleanMaximum` tries, in calls a second, and how long each. */
export interface Steps {
  readonly first: number;
  readonly step: number;
  readonly last: number;
  readonly seconds: number;
}

/**
 * The highest step that was clean, and what the next one lacked. A step that is not clean is tried again: a moment of
 * another program's work is not the server's limit.
 */
export async function cleanMaximum(
  contender: Contender,
  load: Load,
  { first, step, last, seconds }: Steps,
  setting: Setting,
  say: (doing: string) => void,
): Promise<{ readonly rate: number; readonly limit: string }> {
  let clean = 0;
  for (let rate = first; rate <= last; rate += step) {
    let flaw: string | undefined;
    for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
      say(`maximum of ${load.name}, ${contender.name}: ${rate} calls/s`);
      const { outcome } = await measuredRound(contender, load, { rate, seconds }, setting);
      flaw = flawOf(outcome, rate);
      if (flaw === undefined) break;
    }
    if (flaw !== undefined) return { rate: clean, limit: `at ${rate}/s: ${flaw}` };
    clean = rate;
  }
  return { rate: clean, limit: `no step above ${last}/s was tried` };
}

function flawOf({ failed, retransmitted, rate, calls }: Outcome, wanted: number): string | undefined {
  if (failed > 0) return `${failed} of ${calls} calls failed`;
  if (retransmitted > 0) return `${retransmitted} messages were sent again`;
  if (rate < LEAST_PACE * wanted) return `SIPp began ${Math.round(rate)} calls/s only`;
  return undefined;
}

/** How many dialogs, and how long to wait until their transactions are gone; 0 for no wait. */
export interface HeldDialogs {
  readonly dialogs: number;
  readonly settleMs: number;
}

/** Opens the dialogs and measures the server's memory: before, with all open, and when their transactions are gone. */
export async function dialogMemory(
  contender: Contender,
  { dialogs, settleMs }: HeldDialogs,
  { applications, signal }: Setting,
): Promise<DialogMemory> {
  const { pid } = contender.process;
  const platform = await startPlatform();
  try {
    const before = memoryOctetsOf(pid);
    const holdMs = (dialogs / OPENING_RATE) * 1000 + settleMs + HOLD_MARGIN_MS;
    const volume = { dialogs, rate: OPENING_RATE, holdMs };
    const { ended } = await openCalls(HELD_CALL_SCENARIO, applications.source, contender.at, volume, signal);
    const open = memoryOctetsOf(pid);
    const settled = settleMs > 0 ? await after(settleMs, signal, () => memoryOctetsOf(pid)) : null;
    const { failed } = await ended;
    signal.throwIfAborted();
    contender.process.assertRunning();
    return { before, open, settled, failed };
  } finally {
    await platform.stop();
  }
}

async function after<T>(ms: number, signal: AbortSignal, look: () => T): Promise<T> {
  await delay(ms, undefined, { signal });
  return look();
}
