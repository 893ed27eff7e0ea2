import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';

import type { Verdict } from '../harness/verdict.ts';
import type { FaultResults } from './fault_outcome.ts';
import { areFaultsFound, outcomeOf, writeFaultReports } from './faults.ts';

const FAULT = {
  id: 'too-late',
  rule: 'sip.hops',
  sentence: 'It is too late.',
  foundBy: [],
  collateral: { 'sip.loop': 'loops are late too' },
  file: 'faults/sip/hops.ts',
};

/** By default no two fail after the same steps. */
function scenario(
  rule: string,
  verdict: Verdict,
  reason = 'acceptable: 483',
  steps: readonly string[] = [`a step of ${rule}`],
) {
  return { rule, name: `Of ${rule}`, place: 'features/x.feature:3', verdict, reason, steps };
}

function outcome(...scenarios: ReturnType<typeof scenario>[]) {
  return outcomeOf(FAULT, { scenarios, problems: [], seconds: 1, isWholeSuite: true });
}

function resultsOf(
  fault: ReturnType<typeof outcome>,
  rulesWithoutFault: readonly string[] = [],
): FaultResults {
  return { scope: 'all faults', faults: [fault], rulesWithoutFault, seconds: 1 };
}

test('a fault is killed by a scenario of its rule that failed', () => {
  const killed = outcome(scenario('sip.hops', 'passed'), scenario('sip.hops', 'failed'));
  assert.equal(killed.fate, 'killed');
  assert.equal(killed.killedBy.length, 1);
  assert.equal(killed.why, '');
  assert.ok(areFaultsFound(resultsOf(killed)));
});

test('a fault is killed just as well by a scenario of another rule that is said to find it', () => {
  const scenarios = [scenario('sip.hops', 'passed'), scenario('sip.tcp', 'failed')];
  const trial = { scenarios, problems: [], seconds: 1, isWholeSuite: false };
  assert.equal(outcomeOf(FAULT, trial).fate, 'survived');
  const killed = outcomeOf({ ...FAULT, foundBy: ['sip.tcp'] }, trial);
  assert.equal(killed.fate, 'killed');
  assert.deepEqual(killed.unexplained, []);
});

test('a fault has survived where all scenarios of its rule pass', () => {
  const survived = outcome(scenario('sip.hops', 'passed'), scenario('sip.loop', 'failed'));
  assert.equal(survived.fate, 'survived');
  assert.match(survived.why, /all 1 scenarios of its rule passed/);
  assert.ok(!areFaultsFound(resultsOf(survived)));
});

for (const verdict of ['error', 'inconclusive', 'skipped'] as const) {
  test(`${verdict} kills nothing`, () => {
    const survived = outcome(scenario('sip.hops', verdict, 'no token'));
    assert.equal(survived.fate, 'survived');
    assert.match(survived.why, new RegExp(`${verdict}: Of sip.hops: no token`));
  });
}

test('a fault whose rule has no scenario has survived', () => {
  assert.match(outcome().why, /no scenario of its rule was run/);
});

test('another rule that turns red is explained only where the file says so', () => {
  const killed = outcome(
    scenario('sip.hops', 'failed'),
    scenario('sip.loop', 'failed'),
    scenario('sip.cancel', 'error'),
    scenario('sip.cancel', 'failed'),
    scenario('sip.rport', 'skipped'),
  );
  assert.deepEqual(
    killed.explained.map(({ rule }) => rule),
    ['sip.loop'],
  );
  assert.deepEqual(
    killed.unexplained.map(({ rule }) => rule),
    ['sip.cancel'],
  );
  assert.equal(killed.fate, 'killed');
  assert.ok(!areFaultsFound(resultsOf(killed)));
});

describe('another rule that turns red and that the file does not name', () => {
  const CALL = ['a voice application', 'it is called'];
  const after = (rule: string, verdict: Verdict, ...steps: string[]) =>
    scenario(rule, verdict, undefined, steps);
  const own = after('sip.hops', 'failed', ...CALL, 'the call is refused');

  test("is explained where its red scenarios all failed after the same steps as one of the fault's rule", () => {
    const { explained, unexplained } = outcome(
      own,
      after('sip.hops', 'failed', ...CALL, 'the call is refused at once'),
      scenario('sip.loop', 'failed'),
      after('sip.cancel', 'failed', ...CALL, 'the call is refused'),
      after('sip.cancel', 'failed', ...CALL, 'the call is refused at once'),
      after('sip.cancel', 'passed'),
    );
    assert.deepEqual(
      explained.map(({ rule, by }) => [rule, by]),
      [
        ['sip.loop', 'file'],
        ['sip.cancel', 'steps'],
      ],
    );
    assert.deepEqual(unexplained, []);
  });

  const others: readonly (readonly [what: string, others: readonly ReturnType<typeof scenario>[]])[] = [
    [
      'judged the same of something else',
      [after('sip.cancel', 'failed', 'an open one', 'the call is refused')],
    ],
    ['failed earlier', [after('sip.cancel', 'failed', ...CALL)]],
    ['erred', [after('sip.cancel', 'error', ...CALL, 'the call is refused')]],
    ['failed before any step', [after('sip.cancel', 'failed'), after('sip.hops', 'failed')]],
    [
      'failed elsewhere too',
      [after('sip.cancel', 'failed', ...CALL, 'the call is refused'), after('sip.cancel', 'failed', ...CALL)],
    ],
  ];
  for (const [what, red] of others) {
    test(`is not where one ${what}`, () => {
      const { explained, unexplained } = outcome(own, ...red);
      assert.deepEqual(explained, []);
      assert.deepEqual(
        unexplained.map(({ rule }) => rule),
        ['sip.cancel'],
      );
    });
  }
});

test('a rule that the file says may turn red but that stays green is reported, where it was run', () => {
  assert.deepEqual(outcome(scenario('sip.hops', 'failed'), scenario('sip.loop', 'passed')).green, [
    'sip.loop',
  ]);
  assert.deepEqual(outcome(scenario('sip.hops', 'failed'), scenario('sip.loop', 'error')).green, []);
  assert.deepEqual(outcome(scenario('sip.hops', 'failed')).green, []);
  const scenarios = [scenario('sip.hops', 'failed'), scenario('sip.loop', 'passed')];
  const ofSmokeSet = { scenarios, problems: [], seconds: 1, isWholeSuite: false };
  assert.deepEqual(outcomeOf(FAULT, ofSmokeSet).green, [], 'only some of its scenarios were run');
});

test('verdicts are worthless where something went wrong outside the scenarios', () => {
  const scenarios = [scenario('sip.hops', 'failed')];
  const broken = outcomeOf(FAULT, {
    scenarios,
    problems: ['the target ended'],
    seconds: 1,
    isWholeSuite: true,
  });
  assert.equal(broken.fate, 'broken');
  assert.equal(broken.why, 'the target ended');
  assert.ok(!areFaultsFound(resultsOf(broken)));
});

test('a rule without a fault is a failure', () => {
  assert.ok(!areFaultsFound(resultsOf(outcome(scenario('sip.hops', 'failed')), ['sip.tcp'])));
});

test('the JSON report parses, and the page escapes what it quotes', () => {
  const folder = mkdtempSync(join(tmpdir(), 'fault-reports-'));
  try {
    const nasty = outcomeOf(
      { ...FAULT, sentence: '<script>alert("x")</script> & more.' },
      {
        scenarios: [scenario('sip.hops', 'failed'), scenario('sip.loop', 'failed')],
        problems: [],
        seconds: 1,
        isWholeSuite: true,
      },
    );
    const { json, page } = writeFaultReports(resultsOf(nasty, ['sip.tcp']), folder);
    const read: unknown = JSON.parse(readFileSync(json, 'utf8'));
    assert.deepEqual(read, {
      scope: 'all faults',
      seconds: 1,
      faults: [
        {
          id: 'too-late',
          rule: 'sip.hops',
          fate: 'killed',
          killedBy: ['features/x.feature:3 Of sip.hops'],
          collateral: { 'sip.loop': 'file' },
          unexplained: [],
        },
      ],
      survived: [],
      rulesWithoutFault: ['sip.tcp'],
    });
    const html = readFileSync(page, 'utf8');
    assert.match(html, /&lt;script&gt;alert\(&quot;x&quot;\)&lt;\/script&gt; &amp; more\./);
    assert.doesNotMatch(html, /<script|<link|src=|https?:/);
    assert.match(html, /sip\.tcp/);
    assert.match(html, /loops are late too/);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
