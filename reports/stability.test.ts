import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';

import { loadRules } from '../harness/rules.ts';
import type { Verdict } from '../harness/verdict.ts';
import { conformanceOf, exitCodeOf } from './conformance.ts';
import { RUN_METADATA, runResults, scenarioResult } from './fixtures/results.ts';
import { printStability, writeStability, type RepeatedRun, type RepeatedRuns } from './stability.ts';

const folder = mkdtempSync(join(tmpdir(), 'stability-'));
after(() => rmSync(folder, { recursive: true }));

const COMMAND = ['npm', 'run', 'features', '--', '--tags', '@sip.challenge or @sip.hops'];

/** A run in which the scenarios of these names came to these verdicts. */
function run(
  repeat: number,
  verdicts: Readonly<Record<string, Verdict>>,
  changes: { readonly interrupted?: boolean } = {},
): RepeatedRun {
  const scenarios = Object.entries(verdicts).map(([name, verdict], index) =>
    scenarioResult({ name, verdict, line: index + 1, ...(verdict === 'passed' ? {} : { reason: 'why' }) }),
  );
  const conformance = conformanceOf(runResults(...scenarios), loadRules(), { ...RUN_METADATA, ...changes });
  const exitCode = changes.interrupted === true ? 130 : exitCodeOf(conformance);
  return {
    repeat,
    seed: repeat * 11,
    folder: `out/repeat-${repeat}`,
    exitCode,
    durationMs: 1_500,
    conformance,
  };
}

function told(...runs: readonly RepeatedRun[]): RepeatedRuns {
  return { seed: 11, times: runs.length, runs, command: COMMAND };
}

function printed(runs: RepeatedRuns): string {
  let text = '';
  printStability(runs, { write: (more: string) => (text += more) }, {});
  return text;
}

describe('printStability', () => {
  test('reports repeats that are all conformant, and nothing more', () => {
    assert.equal(
      printed(told(run(1, { a: 'passed' }), run(2, { a: 'passed' }))),
      `
repeats
     1  seed 11             1.5 s  conformant
     2  seed 22             1.5 s  conformant

2 of 2 repeats conformant (0 flaked, seed 11, 3.0 s)
`,
    );
  });

  test('reports what flaked, and how to rerun each repeat in which it did', () => {
    const text = printed(
      told(
        run(1, { a: 'passed', b: 'passed' }),
        run(2, { a: 'failed', b: 'passed' }),
        run(3, { a: 'passed', b: 'inconclusive' }),
        run(4, { a: 'error', b: 'passed' }),
      ),
    );
    assert.ok(
      text.includes(`
flaked
  sip.challenge: a (features/sip/challenge.feature:1)
    passed in 2
    failed in repeat 2: npm run features -- --tags '@sip.challenge or @sip.hops' --seed 22
    error in repeat 4: npm run features -- --tags '@sip.challenge or @sip.hops' --seed 44
  sip.challenge: b (features/sip/challenge.feature:2)
    passed in 3
    inconclusive in repeat 3: npm run features -- --tags '@sip.challenge or @sip.hops' --seed 33

2 of 4 repeats conformant (2 flaked, seed 11, 6.0 s)
`),
      text,
    );
    assert.match(text, /^ +2 {2}seed 22 +1\.5 s {2}not conformant, see out\/repeat-2$/m);
  });

  test('keeps apart what is wrong in every repeat: that is no flake', () => {
    const text = printed(told(run(1, { a: 'failed' }), run(2, { a: 'failed' })));
    assert.ok(text.includes('\nwrong in every repeat\n  sip.challenge: a (features/'), text);
    assert.match(text, /^0 of 2 repeats conformant \(0 flaked/m);
  });

  test('does not count what an interrupted repeat left out as a flake, and says what is missing', () => {
    const cut = run(2, { a: 'skipped' }, { interrupted: true });
    const text = printed({ ...told(run(1, { a: 'passed' }), cut), times: 20 });
    assert.match(text, /^1 of 20 repeats conformant \(0 flaked/m);
    const unreported = { ...run(2, {}), exitCode: 2, conformance: undefined };
    assert.match(printed(told(run(1, { a: 'passed' }), unreported)), /no report, see out\/repeat-2$/m);
  });
});

describe('writeStability', () => {
  test('leaves each repeat with its seed, and each flake with its verdicts', () => {
    writeStability(told(run(1, { a: 'passed' }), run(2, { a: 'failed' }), run(3, { a: 'passed' })), folder);
    assert.deepEqual(JSON.parse(readFileSync(join(folder, 'stability.json'), 'utf8')), {
      seed: 11,
      times: 3,
      conformant: 2,
      repeats: [
        { repeat: 1, seed: 11, exitCode: 0, verdict: 'conformant', durationMs: 1_500 },
        { repeat: 2, seed: 22, exitCode: 1, verdict: 'nonconformant', durationMs: 1_500 },
        { repeat: 3, seed: 33, exitCode: 0, verdict: 'conformant', durationMs: 1_500 },
      ],
      flakes: [
        {
          ruleId: 'sip.challenge',
          name: 'a',
          at: 'features/sip/challenge.feature:1',
          repeats: { passed: [1, 3], failed: [2] },
        },
      ],
    });
  });
});
