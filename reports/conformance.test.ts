import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';

import * as fc from 'fast-check';

import { loadRules, rulesOf } from '../harness/rules.ts';
import { VERDICTS } from '../harness/verdict.ts';
import {
  conformanceOf,
  conformanceSchema,
  exitCodeOf,
  failedElsewhere,
  writeConformance,
  type Conformance,
} from './conformance.ts';
import { RUN_METADATA, runResults, scenarioResult } from './fixtures/results.ts';
import type { ScenarioResult } from './results.ts';

const catalogue = loadRules();

/** A scenario that could not be judged, as sip.challenge was broken there. */
function missing(ruleId: string, line: number): ScenarioResult {
  return scenarioResult({
    ruleId,
    line,
    verdict: 'inconclusive',
    reason: 'no challenge',
    breaks: 'sip.challenge',
  });
}

/** A run in which sip.challenge passed, and these scenarios came to something else. */
function judgedBeside(...scenarios: readonly ScenarioResult[]): Conformance {
  return conformanceOf(runResults(scenarioResult(), ...scenarios), catalogue, RUN_METADATA);
}

describe('conformanceOf', () => {
  test('lists every rule of the profile, in order, and what the schema says', () => {
    const model = conformanceOf(runResults(scenarioResult()), catalogue, RUN_METADATA);
    assert.deepEqual(
      model.rules.map((rule) => rule.id),
      rulesOf('documented', catalogue).map((rule) => rule.id),
    );
    assert.deepEqual(conformanceSchema.parse(model), model);
    assert.equal(model.startedAt, '2026-01-02T03:04:05.678Z');
  });

  test('gives a rule, and the run, the highest verdict, in whatever order its scenarios ended', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...VERDICTS), { minLength: 1 }), (verdicts) => {
        const scenarios = verdicts.map((verdict, at) =>
          scenarioResult({ verdict, reason: `${verdict} ${verdicts.indexOf(verdict)}`, line: at }),
        );
        const model = conformanceOf(runResults(...scenarios), catalogue, RUN_METADATA);
        const highest = VERDICTS.findLast((verdict) => verdicts.includes(verdict)) ?? 'passed';
        const rule = model.rules.find((one) => one.id === 'sip.challenge');
        assert.equal(rule?.verdict, highest);
        assert.equal(rule?.reason, `${highest} ${verdicts.indexOf(highest)}`);
        assert.equal(model.counts.rules[highest], 1);
        const seen = verdicts.includes('passed') ? 'conformant' : 'inconclusive';
        const whole = { failed: 'nonconformant', error: 'error' }[highest as string] ?? seen;
        assert.equal(model.verdict, whole);
        const codes = { conformant: 0, nonconformant: 1, error: 2, inconclusive: 3 };
        assert.equal(exitCodeOf(model), Object.entries(codes).find(([verdict]) => verdict === whole)?.[1]);
      }),
    );
  });

  test('fails a rule that passed where scenarios of two others could not be judged as it was broken there', () => {
    const lonely = judgedBeside(missing('sip.auth.accepted', 1), missing('sip.auth.accepted', 2));
    assert.deepEqual([lonely.verdict, exitCodeOf(lonely)], ['conformant', 0]);
    const model = judgedBeside(missing('sip.auth.accepted', 1), missing('sip.auth.wrong-password', 2));
    assert.deepEqual([model.verdict, exitCodeOf(model)], ['nonconformant', 1]);
    const rule = model.rules.find(({ id }) => id === 'sip.challenge');
    assert.equal(rule?.verdict, 'failed');
    assert.match(rule.reason ?? '', /^its own scenarios passed.*\nsip\.auth\.accepted, .*: no challenge\n/);
    assert.equal(model.counts.rules.failed, 1);
    assert.deepEqual(failedElsewhere(model.rules), [rule]);
  });

  test('counts a scenario of a rule outside the profile as an error, not as a verdict', () => {
    const model = conformanceOf(
      runResults(scenarioResult({ ruleId: 'sip.tcp', verdict: 'failed' })),
      catalogue,
      RUN_METADATA,
    );
    assert.equal(model.verdict, 'error');
    assert.match(model.errors[0] ?? '', /features\/sip\/challenge\.feature:7: .*sip\.tcp.*documented/);
  });

  test('is not failed by known failures alone, whatever else is not judged', () => {
    const verdicts = fc.array(fc.constantFrom('passed', 'skipped', 'inconclusive', 'failed'));
    fc.assert(
      fc.property(verdicts, fc.boolean(), (others, known) => {
        const failed = scenarioResult({ verdict: 'failed', ...(known ? { knownFailure: 'ticket 7' } : {}) });
        const rest = others.map((verdict, line) =>
          scenarioResult({ verdict, line, ...(verdict === 'failed' ? { knownFailure: 'ticket 8' } : {}) }),
        );
        const model = conformanceOf(runResults(...rest, failed), catalogue, RUN_METADATA);
        assert.equal(model.verdict, known ? 'known-failures' : 'nonconformant');
        assert.equal(exitCodeOf(model), known ? 0 : 1);
        const rule = model.rules.find(({ id }) => id === 'sip.challenge');
        assert.equal(rule?.verdict, 'failed');
        assert.equal(rule.knownFailure !== undefined, known, 'of a rule: only where every failure is known');
        assert.deepEqual(conformanceSchema.parse(model), model);
      }),
    );
  });

  test('is nonconformant where a known failure passes, and an error where there is one too', () => {
    const knownFailures = [{ rule: 'sip.tcp', reason: 'no TCP yet', standing: 'passed' }] as const;
    const passing = { ...runResults(scenarioResult()), knownFailures };
    assert.equal(exitCodeOf(conformanceOf(passing, catalogue, RUN_METADATA)), 1);
    const broken = { ...passing, errors: ['the target ended'] };
    assert.equal(exitCodeOf(conformanceOf(broken, catalogue, RUN_METADATA)), 2);
  });

  test('never calls an interrupted run conformant', () => {
    const results = { ...runResults(scenarioResult()), selected: 3 };
    const model = conformanceOf(results, catalogue, { ...RUN_METADATA, interrupted: true });
    assert.equal(model.verdict, 'error');
    assert.deepEqual(model.errors, ['interrupted: 1 of 3 scenarios had begun']);
    assert.equal(exitCodeOf(model), 2);
  });
});

describe('exitCodeOf', () => {
  test('is 3 where nothing was selected, 2 where that was an error', () => {
    assert.equal(exitCodeOf(conformanceOf(runResults(), catalogue, RUN_METADATA)), 3);
    const errors = ['BeforeAll hook: no'];
    assert.equal(exitCodeOf(conformanceOf({ ...runResults(), errors }, catalogue, RUN_METADATA)), 2);
  });
});

describe('conformanceSchema', () => {
  const model = conformanceOf(runResults(scenarioResult()), catalogue, RUN_METADATA);
  for (const [what, wrong] of [
    ['a verdict of its own', { verdict: 'fine' }],
    ['a time that is none', { startedAt: 'yesterday' }],
    ['half a millisecond', { durationMs: 0.5 }],
    ['a field nobody knows', { colour: 'green' }],
  ] as const)
    test(`refuses ${what}`, () =>
      assert.equal(conformanceSchema.safeParse({ ...model, ...wrong }).success, false));
});

describe('writeConformance', () => {
  const folder = mkdtempSync(join(tmpdir(), 'conformance-'));
  after(() => rmSync(folder, { recursive: true }));

  test('makes the folder, replaces the former file and leaves no draft', () => {
    const outDir = join(folder, 'made', 'here');
    for (const target of ['first', 'second'])
      writeConformance(
        conformanceOf(runResults(scenarioResult()), catalogue, { ...RUN_METADATA, target }),
        outDir,
      );
    assert.deepEqual(readdirSync(outDir), ['conformance.json']);
    const written: unknown = JSON.parse(readFileSync(join(outDir, 'conformance.json'), 'utf8'));
    assert.equal(conformanceSchema.parse(written).target, 'second');
  });
});
