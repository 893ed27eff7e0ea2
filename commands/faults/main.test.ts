import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';

import { wayIntoLab, type Way } from '../../harness/lab/namespace.ts';
import { CommandRun } from '../testing/command_run.ts';
import { FAULT_WORKER, type FaultJob, type FaultReport } from './job.ts';
import { doInLabs } from './labs.ts';

const folder = mkdtempSync(join(tmpdir(), 'faults-'));
after(() => rmSync(folder, { recursive: true }));

const found = wayIntoLab();
const way: Way = 'way' in found ? found.way : ['false'];
const skip = 'reason' in found && 'needs the lab';

function faults(...flags: string[]): CommandRun {
  return new CommandRun(process.execPath, ['commands/faults/main.ts', '--out', folder, ...flags]);
}

describe('what the command is asked for', { concurrency: true }, () => {
  test('--help tells how to use it', async () => {
    const run = faults('--help');
    assert.equal(await run.ended, 0, run.stderr);
    assert.match(run.stdout, /^Usage: npm run faults -- \[options\]\n/);
    for (const flag of ['fault', 'rule', 'changed', 'sample', 'seed', 'labs', 'out', 'help'])
      assert.match(run.stdout, new RegExp(`^  --${flag}\\b`, 'm'));
    assert.match(run.stdout, /^Exit codes:\n\n {2}0 .*\n {2}1 .*\n {2}2 .*\n {2}130 +interrupted\n$/m);
  });

  const wrong: readonly (readonly [what: string, flags: readonly string[], said: RegExp])[] = [
    [
      'an unknown flag',
      ['--verbose'],
      /^faults: Unknown option '--verbose'; npm run faults -- --help lists the options\n$/,
    ],
    ['no number of labs', ['--labs', '0'], /^faults: --labs takes a whole number from 1 to 32, not "0"\n$/],
    [
      '--fault with --changed',
      ['--fault', 'x', '--changed'],
      /^faults: give --fault or --changed, not both\n$/,
    ],
    ['--seed without --sample', ['--seed', '7'], /^faults: --seed is for --sample\n$/],
    [
      '--sample of a rule',
      ['--sample', '--rule', 'sip.hops'],
      /^faults: give --rule or --sample, not both\n$/,
    ],
    [
      'a seed that is no number',
      ['--sample', '--seed', 'x'],
      /^faults: --seed takes a whole number from 1 to 4294967295, not "x"\n$/,
    ],
    [
      'a rule without faults',
      ['--rule', 'sip.aut'],
      /^faults: no fault of a rule "sip\.aut"\. There are faults of .*sip\.auth\.accepted/,
    ],
    [
      'an unknown fault',
      ['--fault', 'x'],
      /^faults: no fault "x"\. There are: .*max-forwards-not-decremented/,
    ],
  ];
  for (const [what, flags, said] of wrong) {
    test(`${what} is refused`, async () => {
      const run = faults(...flags);
      assert.equal(await run.ended, 2, run.stdout);
      assert.match(run.stderr, said);
    });
  }
});

function job(id: string, fault: string | undefined, ...rules: string[]): FaultJob {
  const tags = rules.map((rule) => `@${rule}`).join(' or ');
  const features = ['features/sip/routing.feature'];
  return { id, fault, smoke: [], tags, features, rules: [], collateral: [], isAlone: false, parallel: 0 };
}

describe('what labs do', { skip, concurrency: true }, () => {
  test('runs one fault after another in a lab, and says what the scenarios did', async () => {
    const one = job('one', 'max-forwards-not-decremented', 'sip.hops.decrement', 'sip.hops');
    const jobs = [
      job('as it is', undefined, 'sip.hops.decrement'),
      one,
      { ...one, id: 'up to the first', rules: ['sip.hops.decrement'] },
      job('none', 'no-such-fault', 'sip.hops'),
      job('again', undefined, 'sip.hops.decrement'),
    ];
    const reports = new Map<string, FaultReport>();
    await doInLabs(jobs, {
      worker: FAULT_WORKER,
      way,
      labs: 1,
      folder,
      signal: new AbortController().signal,
      onReport(report) {
        reports.set(report.id, report);
        return report.id === 'one' ? { ...one, id: 'one, alone', isAlone: true } : undefined;
      },
    });
    const verdicts = (id: string): string[] =>
      (reports.get(id)?.scenarios ?? []).map(({ rule, verdict }) => `${rule} ${verdict}`);
    assert.deepEqual(new Set(verdicts('as it is')), new Set(['sip.hops.decrement passed']));
    assert.deepEqual(
      new Set(verdicts('one')),
      new Set(['sip.hops passed', 'sip.hops.decrement failed', 'sip.hops.decrement passed']),
    );
    const failed = (reports.get('one')?.scenarios ?? []).filter(({ verdict }) => verdict === 'failed');
    assert.deepEqual(
      failed.map(({ steps }) => steps).find((steps) => steps.length === 3),
      [
        'a voice application with password authentication',
        'it is called with its password',
        'the INVITE reaches the voice platform with Max-Forwards 69',
      ],
    );
    // In a process of its own, which another had to make room for.
    assert.deepEqual(verdicts('one, alone'), verdicts('one'));
    assert.deepEqual(
      verdicts('up to the first').filter((verdict) => !verdict.endsWith(' passed')),
      ['sip.hops.decrement failed'],
    );
    assert.deepEqual(verdicts('none'), []);
    assert.match(reports.get('none')?.problems.join() ?? '', /there is no fault no-such-fault in faults\//);
    assert.deepEqual(verdicts('again'), verdicts('as it is'));
  });

  test('an interrupt ends the command and everything that it started', async () => {
    const run = faults('--fault', 'max-forwards-not-decremented');
    while (!run.processes().some(({ command }) => command.includes(' faults/main.ts')))
      await new Promise((resolve) => setImmediate(resolve));
    run.child.kill('SIGINT');
    assert.equal(await run.ended, 130, run.stderr);
    assert.deepEqual(await run.survivors(), []);
    assert.ok(!existsSync(join(folder, 'faults.json')));
  });
});
