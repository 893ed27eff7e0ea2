import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { after, describe, test } from 'node:test';

import { wayIntoLab, type Way } from '../../harness/lab/namespace.ts';
import { instrumentReference } from '../../mutants/instrument.ts';
import { doInLabs } from '../faults/labs.ts';
import { CommandRun } from '../testing/command_run.ts';
import { MUTANT_WORKER, type MutantJob, type MutantReport, type Trial } from './job.ts';

// Inside the repository, as the copy of the reference needs its packages.
mkdirSync('reports/out', { recursive: true });
const folder = mkdtempSync('reports/out/mutants-');
after(() => rmSync(folder, { recursive: true }));

const found = wayIntoLab();
const way: Way = 'way' in found ? found.way : ['false'];
const skip = 'reason' in found && 'needs the lab';

function mutants(...flags: string[]): CommandRun {
  return new CommandRun(process.execPath, ['commands/mutants/main.ts', '--out', folder, ...flags]);
}

describe('what the command is asked for', { concurrency: true }, () => {
  test('--help tells how to use it', async () => {
    const run = mutants('--help');
    assert.equal(await run.ended, 0, run.stderr);
    assert.match(run.stdout, /^Usage: npm run mutants -- \[options\]\n/);
    for (const flag of ['file', 'mutant', 'changed', 'continue', 'labs', 'out', 'help'])
      assert.match(run.stdout, new RegExp(`^  --${flag}\\b`, 'm'));
  });

  const wrong: readonly (readonly [what: string, flags: readonly string[], said: RegExp])[] = [
    [
      'an unknown flag',
      ['--verbose'],
      /^mutants: Unknown option '--verbose'; npm run mutants -- --help lists the options\n$/,
    ],
    ['no number of labs', ['--labs', '0'], /^mutants: --labs takes a whole number from 1 to 32, not "0"\n$/],
    [
      '--file with --changed',
      ['--file', 'impl/edge/policy.ts', '--changed'],
      /^mutants: give one of --file, --mutant and --changed, not several\n$/,
    ],
    [
      'a file that is not mutated',
      ['--file', 'impl/main.ts'],
      /^mutants: impl\/main\.ts is not mutated .*policy\.ts/,
    ],
    [
      'a mutant that is not there',
      ['--mutant', 'impl/edge/policy.ts:1'],
      /^mutants: no mutant has an id that begins with impl\/edge\/policy\.ts:1\n$/,
    ],
  ];
  for (const [what, flags, said] of wrong) {
    test(`${what} is refused`, async () => {
      const run = mutants(...flags);
      assert.equal(await run.ended, 2, run.stdout);
      assert.match(run.stderr, said);
    });
  }
});

describe('what a lab does', { skip }, () => {
  test('surveys a feature, tries mutants one after another, and blames none for another', async () => {
    const all = await instrumentReference(['impl/edge/policy.ts', 'impl/edge/decision.ts'], folder);
    const numberOf = (code: string, replacement: string): string => {
      const mutant = all.find((one) => one.code === code && one.replacement === replacement);
      return mutant?.number ?? assert.fail(`no mutant puts ${replacement} into ${code}`);
    };
    const feature = 'features/sip/routing.feature';
    const noHops = placeOf(feature, 'Max-Forwards is 0');
    const hops = numberOf('if (request.maxForwards === 0) return HOPS_EXHAUSTED;', 'false');
    const status = numberOf("const HOPS_EXHAUSTED = refuse(483, 'hops-exhausted');", '""');
    const dead = numberOf(
      'export const refuse = (status: RefusalStatus, reason: DecisionReason): Decision => ({',
      '() => undefined',
    );
    const reports = await done([
      { kind: 'survey', id: 'survey', feature, tags: '@sip.hops or @sip.hops.decrement' },
      trial('hops', hops, noHops),
      trial('hops elsewhere', hops, 'features/sip/keepalive.feature:7'),
      { ...trial('a reason', status, noHops), isAlone: true },
      { ...trial('all refusals', dead, noHops), isAlone: true },
      { kind: 'survey', id: 'again', feature, tags: '@sip.hops' },
    ]);
    const survey = reports.get('survey');
    assert.deepEqual(survey?.problems, []);
    assert.ok(survey.surveyed.length >= 3);
    for (const { verdict, reached } of survey.surveyed) {
      assert.equal(verdict, 'passed');
      assert.ok(reached.includes(hops));
    }
    assert.ok(survey.atStart.includes(status) && !survey.atStart.includes(hops));
    assert.equal(reports.get('hops')?.killedBy?.by, 'scenario', JSON.stringify(reports.get('hops')));
    assert.match(reports.get('hops')?.killedBy?.reason ?? '', /acceptable: 483/);
    for (const id of ['hops elsewhere', 'a reason'])
      assert.deepEqual([reports.get(id)?.killedBy, reports.get(id)?.problems], [null, []], id);
    assert.equal(reports.get('all refusals')?.killedBy?.place, noHops);
    assert.deepEqual(
      new Set(reports.get('again')?.surveyed.map(({ verdict }) => verdict)),
      new Set(['passed']),
    );
  });

  test('an interrupt ends the command and everything that it started', async () => {
    const run = mutants('--mutant', 'impl/edge/policy.ts:25');
    const isTrying = (): boolean =>
      run.processes().some(({ command }) => command.includes('mutants/switch.ts'));
    while (run.child.exitCode === null && !isTrying()) await new Promise((resolve) => setImmediate(resolve));
    run.child.kill('SIGINT');
    assert.equal(await run.ended, 130, run.stderr);
    assert.deepEqual(await run.survivors(), []);
  });
});

/** The place of the first scenario with this name. */
function placeOf(feature: string, name: string): string {
  const lines = readFileSync(feature, 'utf8').split('\n');
  const index = lines.findIndex((line) => line.trim() === `Scenario: ${name}`);
  assert.ok(index >= 0, `no scenario of ${feature} is called ${name}`);
  return `${feature}:${index + 1}`;
}

function trial(id: string, mutant: string, ...scenarios: string[]): Trial {
  return { kind: 'trial', id, mutant, isAlone: false, scenarios };
}

async function done(jobs: readonly MutantJob[]): Promise<ReadonlyMap<string, MutantReport>> {
  const reports = new Map<string, MutantReport>();
  await doInLabs<MutantReport>(jobs, {
    worker: MUTANT_WORKER,
    way,
    labs: 1,
    folder,
    signal: new AbortController().signal,
    onReport(report) {
      reports.set(report.id, report);
      return undefined;
    },
  });
  return reports;
}
