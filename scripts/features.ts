// The main job: the documented rules, as features, against a target, with a report.
import { setTimeout as delay } from 'node:timers/promises';
import { inspect, parseArgs } from 'node:util';
import { loadConfiguration, loadSources, runCucumber, type IRunConfiguration } from '@cucumber/cucumber/api';
import packageJson from '../package.json' with { type: 'json' };
import { onInterrupt, rerunInLab } from '../harness/lab/namespace.ts';
import { loadRules, PROFILES, rulesOf, type Profile } from '../harness/rules.ts';
import { Session } from '../harness/run/session.ts';
import { loadTarget } from '../harness/target/load.ts';
import { choosePlace, type ChosenPlace } from '../harness/target/place.ts';
import type { PlaceName, TargetDescriptor } from '../harness/target/descriptor.ts';
import { HarnessError } from '../harness/verdict.ts';
import {
  allureResultsDir,
  FORMATTER,
  printSummary,
  ResultCollector,
  writeReports,
} from '../reports/index.ts';

const HELP = `Usage: npm run features -- [options]

Runs the conformance suite against a target and writes the reports to reports/out.

  --target NAME|PATH   a folder in targets/, or a descriptor file          (reference)
  --profile NAME       ${PROFILES.join(', ').padEnd(52)}(full)
  --tags EXPRESSION    only scenarios with these tags, e.g. "@sip.challenge or @app.envelope"
  --place NAME         lab, loopback or remote         (the first the target and this machine have)
  --parallel N         scenarios at a time                                 (4)
  --out FOLDER         where reports go                                    (reports/out)
  --help               this text

Exit codes: 0 conformant, 1 not conformant, 2 the harness or its input, 3 nothing was selected, 130 interrupted.
`;

const PLACE_NAMES: readonly PlaceName[] = ['lab', 'loopback', 'remote'];
const INTERRUPTED = 130;
/** How long scenarios that run when the user asks for the end may still take. */
const INTERRUPT_GRACE_MS = 2_000;

function say(text: string): void {
  process.stderr.write(`features: ${text}\n`);
}

interface Options {
  readonly target: string;
  readonly profile: Profile;
  readonly tags: string | undefined;
  readonly place: PlaceName | undefined;
  readonly parallel: number;
  readonly out: string;
}

function readOptions(argv: readonly string[]): Options | 'help' {
  let values;
  try {
    ({ values } = parseArgs({
      args: [...argv],
      options: {
        target: { type: 'string', default: 'reference' },
        profile: { type: 'string', default: 'full' },
        tags: { type: 'string' },
        place: { type: 'string' },
        parallel: { type: 'string', default: '4' },
        out: { type: 'string', default: 'reports/out' },
        help: { type: 'boolean', default: false },
      },
    }));
  } catch (error) {
    throw new HarnessError(`${error instanceof Error ? error.message : String(error)}\n\n${HELP}`);
  }
  if (values.help) return 'help';
  const parallel = Number(values.parallel);
  if (!Number.isInteger(parallel) || parallel < 1 || parallel > 64) {
    throw new HarnessError(`--parallel takes a whole number from 1 to 64, not "${values.parallel}"`);
  }
  return {
    target: values.target,
    profile: oneOf('--profile', PROFILES, values.profile),
    tags: values.tags,
    place: values.place === undefined ? undefined : oneOf<PlaceName>('--place', PLACE_NAMES, values.place),
    parallel,
    out: values.out,
  };
}

function oneOf<T extends string>(flag: string, choices: readonly T[], value: string): T {
  const choice = choices.find((one) => one === value);
  if (choice === undefined)
    throw new HarnessError(`${flag} takes one of ${choices.join(', ')}, not "${value}"`);
  return choice;
}

function tagExpression({ profile, tags }: Options): string {
  const ofProfile = rulesOf(profile, loadRules())
    .map(({ id }) => `@${id}`)
    .join(' or ');
  return tags === undefined ? ofProfile : `(${tags}) and (${ofProfile})`;
}

async function configuration(
  options: Options,
  target: TargetDescriptor,
  place: ChosenPlace,
): Promise<IRunConfiguration> {
  const identity = {
    target: target.name,
    profile: options.profile,
    suiteVersion: packageJson.version,
    witnesses: place.name === 'lab' ? 'two' : 'one',
  };
  const { runConfiguration } = await loadConfiguration({
    file: false,
    provided: {
      // The first holds the longest wait: what comes after it runs meanwhile.
      paths: ['features/oauth/*.feature', 'features/**/*.feature'],
      import: ['steps/**/*.ts'],
      parallel: options.parallel,
      tags: tagExpression(options),
      format: [[FORMATTER]],
      formatOptions: { voiceEdge: { resultsDir: allureResultsDir(options.out), identity } },
    },
  });
  return runConfiguration;
}

async function nothingSelected(run: IRunConfiguration, options: Options): Promise<string | undefined> {
  const { plan, errors } = await loadSources(run.sources).catch((error: unknown) => {
    throw new HarnessError(
      `--tags ${options.tags}: ${error instanceof Error ? error.message : String(error)}`,
    );
  });
  if (plan.length > 0 || errors.length > 0) return undefined;
  const tags = options.tags === undefined ? '' : ` and the tags "${options.tags}"`;
  return `no scenario fits the profile ${options.profile}${tags}. Rule ids are tags: see features/rules.yaml.`;
}

/** Runs the scenarios, or as many as fit in before the user asks for the end. */
async function runScenarios(
  run: IRunConfiguration,
  session: Session,
  collector: ResultCollector,
  interrupted: Promise<'interrupted'>,
): Promise<void> {
  // Plain data by contract: it crosses into worker threads.
  run.runtime.worldParameters = JSON.parse(JSON.stringify(session.facts));
  const running = runCucumber(
    run,
    { stderr: process.stderr },
    (envelope) => void collector.receive(envelope),
  );
  if ((await Promise.race([running, interrupted])) !== 'interrupted') return;
  session.finish({ kind: 'interrupted', sentence: 'the run was interrupted' });
  say('interrupted; stopping what runs and writing the reports');
  await Promise.race([running, delay(INTERRUPT_GRACE_MS)]);
}

async function judge(
  options: Options,
  target: TargetDescriptor,
  place: ChosenPlace,
  run: IRunConfiguration,
): Promise<number> {
  const startedAt = new Date();
  const started = performance.now();
  const collector = new ResultCollector(process.cwd());
  const { promise: interrupted, resolve: interrupt } = Promise.withResolvers<'interrupted'>();
  onInterrupt(() => interrupt('interrupted'));
  const session = await Session.start({
    descriptor: target,
    placeName: place.name,
    folder: options.out,
    onProgress: say,
  });
  await runScenarios(run, session, collector, interrupted);
  const count = await session.stop();
  if (count !== undefined && count.dropped > 0) say(`the capture lost ${count.dropped} packets`);

  const results = collector.results();
  const facts = {
    target: target.name,
    profile: options.profile,
    suiteVersion: packageJson.version,
    witnesses: session.facts.oneWitness === null ? ('two' as const) : ('one' as const),
    startedAt,
    durationMs: performance.now() - started,
    interrupted: session.earlyEnd?.kind === 'interrupted',
  };
  const catalogue = loadRules();
  const { model, exitCode, ...paths } = await writeReports({
    results,
    catalogue,
    facts,
    outDir: options.out,
  });
  printSummary(model, results, paths, process.stdout, process.env);
  if (session.earlyEnd && !facts.interrupted) say(session.earlyEnd.sentence);
  return facts.interrupted ? INTERRUPTED : exitCode;
}

async function main(argv: readonly string[]): Promise<number> {
  const options = readOptions(argv);
  if (options === 'help') {
    process.stdout.write(HELP);
    return 0;
  }
  const target = loadTarget(options.target);
  const place = choosePlace(target, options.place);
  if (place.way) return rerunInLab(place.way, import.meta.filename, argv);
  if (place.insteadOfLab !== undefined) {
    say(
      `going on over loopback, as ${place.insteadOfLab}. Rules about source addresses will be inconclusive.`,
    );
  }
  const run = await configuration(options, target, place);
  const nothing = await nothingSelected(run, options);
  if (nothing !== undefined) {
    say(nothing);
    return 3;
  }
  return judge(options, target, place, run);
}

process.exit(
  await main(process.argv.slice(2)).catch((error: unknown) => {
    say(error instanceof HarnessError ? error.message : inspect(error));
    return 2;
  }),
);
