import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { messageLabel, SippError, type SippHooks } from 'sipp-ts-wrapper';

import { EXIT } from '../../harness/exit_code.ts';
import { freshSeed } from '../../harness/randomness.ts';
import { callHeading, callReport } from '../../harness/run/call_report.ts';
import type { RunFacts } from '../../harness/run/facts.ts';
import { Progress } from '../../harness/run/progress.ts';
import { Session } from '../../harness/run/session.ts';
import { prepareCall, type CallWish } from '../../harness/run/single_call.ts';
import { Workbench } from '../../harness/run/workbench.ts';
import type { PlaceName, TargetDescriptor } from '../../harness/target/descriptor.ts';
import { mistakeInFile } from '../../harness/target/load.ts';
import { DescriptorMistake } from '../../harness/target/mistake.ts';
import type { Call } from '../../harness/traffic/call.ts';
import { HarnessError } from '../../harness/verdict.ts';
import type { Running } from '../command.ts';
import type { TargetCall } from './options.ts';

/** A longer wait shows a line of progress. */
const LONG_WAIT_MS = 1_000;
const NARROWEST = 80;
/** The width if there is no terminal: two columns of the longest usual message. */
const USUAL_WIDTH = 125;

/**
 * Starts the target, places the call and shows both sides of it. Resolves with the exit code; rejects with a
 * HarnessError where the call cannot be placed.
 */
export async function callTarget(
  { wish, out, target }: TargetCall,
  descriptor: TargetDescriptor,
  placeName: PlaceName,
  { say, interruption }: Running,
): Promise<number> {
  const signal = interruption();
  const progress = new Progress(process.stderr, 'scenario');
  const pcapFile = join(out, 'scenario.pcap');
  rmSync(pcapFile, { force: true });
  try {
    const folder = join(out, 'scenario');
    const seed = freshSeed();
    const start = { descriptor, placeName, seed, folder, onProgress: progress.say, signal };
    const session = await Session.start(start);
    try {
      const call = await placeCall(session.facts, wish, pcapFile, progress, signal);
      if (call.sipp.outcome === 'passed') return EXIT.fine;
      return signal.aborted ? EXIT.interrupted : EXIT.notSo;
    } finally {
      progress.tick('scenario: stopping …');
      const doubts = await session.stop();
      progress.clear();
      for (const doubt of doubts) say(`${doubt}: the ladder may lack messages`);
      const end = session.earlyEnd;
      if (end) say([end.sentence, end.details ?? ''].join('\n').trim());
    }
  } catch (error) {
    throw error instanceof DescriptorMistake
      ? new HarnessError(mistakeInFile(error, target))
      : withFlagForKey(error);
  } finally {
    progress.clear();
  }
}

/** Where SIPp's runner asks for its option `keys`, names the flag that sets it. */
function withFlagForKey(error: unknown): unknown {
  if (!(error instanceof HarnessError)) return error;
  const { cause, message } = error;
  const wantsKey = cause instanceof SippError && cause.code === 'SCENARIO_UNKNOWN_KEYWORD';
  return wantsKey
    ? new HarnessError(`${message}; the option keys is --key NAME=VALUE here`, { cause })
    : error;
}

async function placeCall(
  facts: RunFacts,
  wish: CallWish,
  pcapFile: string,
  progress: Progress,
  signal: AbortSignal,
): Promise<Call> {
  const bench = new Workbench(facts);
  try {
    progress.say('making a voice application');
    const { request, application } = await prepareCall(bench, wish);
    signal.throwIfAborted();
    progress.clear();
    print(`${wish.scenario.name}: ${wish.scenario.summary}`);
    print(callHeading(request, application, facts));
    const call = await bench.caller.call(request, liveOutput(progress, signal));
    progress.clear();
    const width = process.stdout.isTTY ? Math.max(NARROWEST, process.stdout.columns) : USUAL_WIDTH;
    print(`\n${callReport(call, facts, width)}`);
    const pcap = await bench.witnesses.capture?.pcap([call.callId]);
    if (pcap) {
      writeFileSync(pcapFile, pcap);
      print(`packets: ${pcapFile}`);
    }
    return call;
  } finally {
    await bench.close();
  }
}

function liveOutput(progress: Progress, signal: AbortSignal): SippHooks {
  let start: number | undefined;
  return {
    signal,
    onMessage({ time, direction, text }) {
      progress.clear();
      start ??= time;
      const offset = String(Math.round(time - start)).padStart(8);
      print(`${offset} ms ${direction === 'sent' ? '->' : '<-'} ${messageLabel(text)}`);
    },
    onProgress({ elapsedMs }) {
      if (elapsedMs > LONG_WAIT_MS)
        progress.tick(`scenario: running for ${Math.round(elapsedMs / 1000)} s …`);
    },
  };
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
