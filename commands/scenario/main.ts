// One SIPp scenario for a person at a terminal: its messages as they happen, a ladder of both sides, the verdict.
import { rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { inspect } from 'node:util';
import { messageLabel, SippError, type SippHooks } from 'sipp-ts-wrapper';
import { main as sippRun } from 'sipp-ts-wrapper/cli';
import { oneOf, readCommandLine } from '../../harness/command_line.ts';
import { onInterrupt, rerunInLab } from '../../harness/lab/namespace.ts';
import { freshSeed, Randomness } from '../../harness/randomness.ts';
import { callHeading, callReport } from '../../harness/run/call_report.ts';
import type { RunFacts } from '../../harness/run/facts.ts';
import { Progress } from '../../harness/run/progress.ts';
import { Session } from '../../harness/run/session.ts';
import { checkWish, prepareCall, type Authentication, type CallWish } from '../../harness/run/single_call.ts';
import { Workbench } from '../../harness/run/workbench.ts';
import type { PlaceName, TargetDescriptor } from '../../harness/target/descriptor.ts';
import { loadTarget } from '../../harness/target/load.ts';
import { choosePlace } from '../../harness/target/place.ts';
import type { Call } from '../../harness/traffic/call.ts';
import { findScenario, listScenarios, readScenarioFile } from '../../harness/traffic/scenarios.ts';
import { HarnessError } from '../../harness/verdict.ts';
import { hostAsked, sippRunArguments } from './sipp_run_arguments.ts';

const AUTHENTICATIONS: readonly Authentication[] = ['password', 'ip', 'both'];
const PLACE_NAMES: readonly PlaceName[] = ['lab', 'loopback', 'remote'];

const HELP = `Usage: npm run scenario -- [SCENARIO] [options]
       npm run scenario -- SCENARIO --target HOST[:PORT] [options of sipp-run]

Runs one SIPp scenario, shows its messages as they happen, then a ladder of both sides and SIPp's verdict.
SCENARIO is a file, or the name of one in scenarios/, such as invite-digest. Without it, all are listed.

Against a target described in a file, which is started, and where the call gets a voice application of its own:

  --target NAME|PATH   a folder in targets/, or a descriptor file           (reference)
  --place NAME         lab, loopback or remote                              (the first there is)
  --from WHO           a vantage point of the target, such as EU, or an address   (the first)
  --auth KIND          ${AUTHENTICATIONS.join(', ')}: what the application lets callers in by   (password)
  --trust WHO          whose address --auth ip and both trust               (the caller's)
  --regions LIST       the regions calls may come from, such as US,EU       (every region)
  --wrong-password     the caller has another password than the application
  --to USER            user part of To, where a scenario sets it apart      (another application's)
  --key NAME=VALUE     a value for [NAME] in the scenario; may be repeated
  --pause MS           for a pause without a length     (a second more than a nonce lives)
  --out FOLDER         where scenario.pcap and the target's log go          (reports/out)
  --help               this text

Against something that runs already, with no lab and no application: --target HOST[:PORT], and with it what sipp-run
takes; npm run scenario -- --target HOST --help shows that.

Exit codes: 0 passed, 1 the call failed, 2 the harness or its input, 130 interrupted.
`;

const INTERRUPTED = 130;
/** A wait this long gets a line that shows it lasts. */
const LONG_WAIT_MS = 1_000;
const NARROWEST = 80;
/** Where there is no terminal: two columns of the longest usual message. */
const USUAL_WIDTH = 125;

const FLAGS = {
  target: { type: 'string', default: 'reference' },
  place: { type: 'string' },
  from: { type: 'string' },
  auth: { type: 'string', default: 'password' },
  trust: { type: 'string' },
  regions: { type: 'string' },
  'wrong-password': { type: 'boolean', default: false },
  to: { type: 'string' },
  key: { type: 'string', multiple: true },
  pause: { type: 'string' },
  out: { type: 'string', default: 'reports/out' },
  help: { type: 'boolean', default: false },
} as const;

interface Options {
  readonly target: string;
  readonly place: PlaceName | undefined;
  readonly out: string;
  readonly wish: CallWish;
}

function readOptions(argv: readonly string[]): Options | 'help' | 'list' {
  const { values, positionals } = readCommandLine('npm run scenario --', argv, {
    allowPositionals: true,
    options: FLAGS,
  });
  if (values.help) return 'help';
  const [reference, ...others] = positionals;
  if (reference === undefined) return 'list';
  if (others.length > 0) throw new HarnessError(`one scenario at a time: "${others[0]}" is too much`);
  const scenario = readScenarioFile(findScenario(reference));
  if (!scenario.placesCalls) {
    throw new HarnessError(
      `${scenario.path} waits for calls and makes none. Name one that makes a call: it is answered by ` +
        'scenarios/sip/voice-platform.xml, which stands for the voice platform.',
    );
  }
  const authentication = oneOf('--auth', AUTHENTICATIONS, values.auth);
  if (values.trust !== undefined && authentication === 'password') {
    throw new HarnessError('--trust goes with --auth ip or --auth both: a password asks for no address');
  }
  return {
    target: values.target,
    place: values.place === undefined ? undefined : oneOf('--place', PLACE_NAMES, values.place),
    out: values.out,
    wish: {
      scenario,
      authentication,
      trust: values.trust,
      regions: values.regions?.split(',').map((region) => region.trim()),
      from: values.from,
      wrongPassword: values['wrong-password'],
      to: values.to,
      keys: Object.fromEntries((values.key ?? []).map(keyValue)),
      pauseMs: milliseconds(values.pause),
    },
  };
}

function keyValue(text: string): [name: string, value: string] {
  const [, name, value] = /^(\w[\w.]*)=(.*)$/s.exec(text) ?? [];
  if (name === undefined || value === undefined)
    throw new HarnessError(`--key takes NAME=VALUE, not "${text}"`);
  return [name, value];
}

function milliseconds(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (!/^\d{1,8}$/.test(text)) throw new HarnessError(`--pause takes whole milliseconds, not "${text}"`);
  return Number(text);
}

function runAgainstHost(argv: readonly string[]): Promise<number> {
  const interrupt = new AbortController();
  onInterrupt(() => interrupt.abort());
  const { stdout, stderr, env } = process;
  return sippRun([...argv], { stdout, stderr, env, signal: interrupt.signal });
}

function printList(): void {
  const scenarios = listScenarios();
  const width = Math.max(...scenarios.map(({ name }) => name.length));
  let folder = '';
  for (const { path, name, summary } of scenarios) {
    if (dirname(path) !== folder) {
      process.stdout.write(`${folder === '' ? '' : '\n'}${dirname(path)}\n`);
      folder = dirname(path);
    }
    process.stdout.write(`  ${name.padEnd(width)}  ${summary}\n`);
  }
  process.stdout.write('\nRun one: npm run scenario -- NAME   (--help shows what can be chosen)\n');
}

async function runAgainstTarget(
  { wish, out }: Options,
  descriptor: TargetDescriptor,
  placeName: PlaceName,
): Promise<number> {
  const interrupt = new AbortController();
  const { signal } = interrupt;
  onInterrupt(() => interrupt.abort());
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
      return call.sipp.outcome === 'passed' ? 0 : signal.aborted ? INTERRUPTED : 1;
    } finally {
      progress.tick('scenario: stopping …');
      const count = await session.stop();
      progress.clear();
      if (count !== undefined && count.dropped > 0)
        complain(`the capture lost ${count.dropped} packets: the ladder may lack messages`);
      const end = session.earlyEnd;
      if (end) complain([end.sentence, end.details ?? ''].join('\n').trim());
    }
  } catch (error) {
    if (!signal.aborted) throw error;
    progress.clear();
    complain('interrupted');
    return INTERRUPTED;
  } finally {
    progress.clear();
  }
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
    const pcap = await bench.pcap([call.callId]);
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

function complain(sentence: string): void {
  process.stderr.write(`scenario: ${sentence}\n`);
}

function explained(error: unknown): string {
  if (!(error instanceof HarnessError)) return inspect(error);
  const { cause, message } = error;
  const wantsKey = cause instanceof SippError && cause.code === 'SCENARIO_UNKNOWN_KEYWORD';
  return wantsKey ? `${message}; the option keys is --key NAME=VALUE here` : message;
}

async function main(argv: readonly string[]): Promise<number> {
  if (hostAsked(argv) !== undefined) {
    const passedOn = sippRunArguments(argv, new Randomness(freshSeed()).hex(8));
    if (passedOn !== undefined) return runAgainstHost(passedOn);
    printList();
    return 0;
  }
  const options = readOptions(argv);
  if (options === 'help') {
    process.stdout.write(HELP);
    return 0;
  }
  if (options === 'list') {
    printList();
    return 0;
  }
  const target = loadTarget(options.target);
  const place = choosePlace(target, options.place);
  checkWish(options.wish, target, place.name);
  if (place.way) return rerunInLab(place.way, import.meta.filename, argv);
  if (place.insteadOfLab !== undefined) {
    complain(`going on over loopback, as ${place.insteadOfLab}`);
  }
  return runAgainstTarget(options, target, place.name);
}

// Who reads only the beginning, as head does, shall not leave a target behind that nobody stops.
process.stdout.on('error', () => {});
process.exit(
  await main(process.argv.slice(2)).catch((error: unknown) => {
    complain(explained(error));
    return 2;
  }),
);
