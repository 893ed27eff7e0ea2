import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, describe, test } from 'node:test';

import { loadRules } from '../harness/rules.ts';
import { resultOf, ROOT, run, type Run } from './fixtures/fixture_run.ts';

function verdictOf({ model }: Run, id: string): string {
  const rule = model.rules.find((one) => one.id === id);
  return [rule?.verdict, rule?.reason].filter((part) => part !== undefined).join(': ');
}

/** Scenario name, verdict, Allure status (undefined: unknown) and the JUnit element's start, of every outcome. */
const OUTCOMES = [
  ['Passes', 'passed', 'passed', undefined],
  ['Passes for one [1]', 'passed', 'passed', undefined],
  ['Passes for two [2]', 'passed', 'passed', undefined],
  [
    'Breaks the rule',
    'failed',
    'failed',
    '<failure message="acceptable: 407 with a Digest challenge, or silence',
  ],
  ['Throws', 'error', 'broken', '<error message="no answer from the API'],
  ['Asserts by mistake', 'error', 'broken', '<error message="Expected values to be strictly equal'],
  ['Undefined', 'error', 'broken', '<error message="no step definition matches: And a step nobody wrote"'],
  [
    'Ambiguous',
    'error',
    'broken',
    '<error message="several step definitions match: Given a step that two match"',
  ],
  [
    'Pending',
    'error',
    'broken',
    '<error message="the step definition is pending: Given a step that is pending"',
  ],
  ['Before hook throws', 'error', 'broken', '<error message="the lab could not be entered"'],
  ['After hook throws', 'error', 'broken', '<error message="the target did not stop"'],
  [
    'Breaks the rule, then an After hook throws',
    'error',
    'broken',
    '<error message="the target did not stop"',
  ],
  ['Skipped without a reason', 'error', 'broken', '<error message="skipped without a reason"'],
  ['Skipped', 'skipped', 'skipped', '<skipped message="the target does not do TCP"/>'],
  [
    'Inconclusive',
    'inconclusive',
    undefined,
    '<skipped message="inconclusive: no vantage point outside the listed prefix"/>',
  ],
  [
    'Broken by another rule',
    'inconclusive',
    undefined,
    '<skipped message="inconclusive: no challenge came; that is for sip.challenge to judge',
  ],
  ['Seen', 'passed', 'passed', undefined],
] as const;

for (const workers of [0, 2])
  describe(`a run with every outcome, ${workers} workers`, () => {
    let outcomes: Run;
    before(async () => {
      outcomes = await run('outcomes', { workers });
    });

    for (const [name, verdict, status, element] of OUTCOMES)
      test(`says "${verdict}" everywhere of "${name}"`, () => {
        const scenarios = outcomes.model.rules.flatMap((rule) => rule.scenarios);
        assert.equal(scenarios.find((scenario) => scenario.name === name)?.verdict, verdict);
        assert.equal(resultOf(outcomes, name).status, status);
        const testcase = outcomes.junit.match(
          new RegExp(`name="${name.replace(/[[\]]/g, '\\$&')}"[^>]*>(<[^>]*)?`),
        );
        assert.ok(testcase, 'has a testcase');
        if (element === undefined) assert.match(testcase[0], /\/>$/);
        else assert.ok(testcase[1]?.startsWith(element.replace(/\/?>$/, '')), testcase[0]);
      });

    test('gives a rule the highest verdict of its scenarios, and every other rule is uncovered', () => {
      assert.equal(verdictOf(outcomes, 'sip.options.keepalive'), 'passed');
      assert.match(verdictOf(outcomes, 'sip.challenge'), /^failed: acceptable: /);
      assert.match(verdictOf(outcomes, 'sip.loop'), /^error: /);
      assert.equal(verdictOf(outcomes, 'sip.tcp'), 'skipped: the target does not do TCP');
      assert.equal(
        verdictOf(outcomes, 'sip.ip.no-challenge'),
        'inconclusive: no vantage point outside the listed prefix',
      );
      const { rules, scenarios } = outcomes.model.counts;
      assert.deepEqual(rules, {
        passed: 1,
        skipped: 1,
        inconclusive: 1,
        failed: 1,
        error: 1,
        uncovered: loadRules().size - 5,
      });
      assert.deepEqual(scenarios, { passed: 4, skipped: 1, inconclusive: 2, failed: 1, error: 9 });
    });

    test('is an error, and exits with 2', () => {
      assert.equal(outcomes.model.verdict, 'error');
      assert.equal(outcomes.code, 2);
    });

    test('counts the same in JUnit', () => {
      assert.match(outcomes.junit, /<testsuite [^>]*tests="17" failures="1" errors="9" skipped="3"/);
      assert.equal(outcomes.junit.match(/<testcase classname="sip\.loop"/g)?.length, 9);
    });

    test('sorts the Allure tree by area, feature and rule', () => {
      const labels = Object.fromEntries(
        resultOf(outcomes, 'Breaks the rule').labels.map(({ name, value }) => [name, value]),
      );
      assert.equal(labels['parentSuite'], 'Signaling');
      assert.equal(labels['suite'], 'Every outcome a scenario can come to');
      assert.match(labels['subSuite'] ?? '', /^sip\.challenge: With password auth, .*\.$/);
      assert.equal(labels['rule'], 'sip.challenge');
      assert.equal(labels['basis'], 'doc');
      assert.equal(labels['tag'], 'fixture');
    });

    test('says in Allure what was acceptable, what came and why something was not judged', () => {
      assert.match(
        resultOf(outcomes, 'Breaks the rule').statusDetails.message ?? '',
        /^sip\.challenge: .*\nacceptable: 407 with a Digest challenge, or silence\nactual: +200 OK\nwhere: +ladder\.svg, message 2$/,
      );
      assert.match(
        resultOf(outcomes, 'Inconclusive').statusDetails.message ?? '',
        /^inconclusive: no vantage/,
      );
      assert.equal(resultOf(outcomes, 'Skipped').statusDetails.message, 'the target does not do TCP');
      assert.match(
        resultOf(outcomes, 'Before hook throws').statusDetails.trace ?? '',
        /^in: Before hook "prepare"/,
      );
      const broken = resultOf(outcomes, 'Breaks the rule, then an After hook throws');
      assert.deepEqual(
        broken.steps.map((step) => step.status),
        ['failed'],
      );
    });

    test('keeps attachments whole, under their names, and the reason for a skip out of them', () => {
      const { steps, attachments } = resultOf(outcomes, 'Passes');
      const left = steps.flatMap((step) => step.attachments);
      assert.deepEqual(
        left.map(({ name, type }) => [name, type]),
        [
          ['log.txt', 'text/plain'],
          ['ladder.svg', 'image/svg+xml'],
          ['exchange.json', 'application/json'],
          ['capture.pcap', 'application/vnd.tcpdump.pcap'],
        ],
      );
      const bytes = left.map(({ source }) => readFileSync(join(outcomes.out, 'allure-results', source)));
      assert.deepEqual(bytes[3], Buffer.from([0xd4, 0xc3, 0xb2, 0xa1]));
      assert.match(left[3]?.source ?? '', /\.pcap$/);
      assert.deepEqual(
        attachments.map(({ name }) => name),
        ['repro.txt'],
      );
      const skipped = resultOf(outcomes, 'Skipped');
      assert.deepEqual(
        [...skipped.attachments, ...skipped.steps.flatMap((step) => step.attachments)].map(
          ({ name }) => name,
        ),
        ['repro.txt'],
      );
    });

    test('shows no two scenarios as retries of one another', () => {
      assert.equal(new Set(outcomes.allure.map((result) => result.historyId)).size, OUTCOMES.length);
    });

    test('writes environment and categories', () => {
      const results = join(outcomes.out, 'allure-results');
      assert.match(
        readFileSync(join(results, 'environment.properties'), 'utf8'),
        /^target=outcomes\nprofile=full\n/,
      );
      assert.match(readFileSync(join(results, 'categories.json'), 'utf8'), /"Inconclusive".*unknown/);
    });

    test('tells the terminal, broken rules first', () => {
      const { stdout } = outcomes;
      const order = [
        'FAILED sip.challenge: ',
        'ERROR sip.loop: ',
        'rules ',
        '\ninconclusive\n',
        'no verdict',
        'junit ',
      ];
      const places = order.map((text) => stdout.indexOf(text));
      assert.ok(
        places.every((place, at) => place > (places[at - 1] ?? -1)),
        stdout,
      );
      assert.match(
        stdout,
        /acceptable 407 with a Digest challenge\n +or silence\n +actual +200 OK\n +where +ladder\.svg/,
      );
      assert.match(stdout, /at +reports\/fixtures\/features\/outcomes\.feature:22\n/);
      assert.match(stdout, /^sip +1 +1 +1 +1 +1 +\d+$/m);
      assert.match(stdout, /^17\/17, 1 failed, 9 errors {2}reports\/fixtures/m);
      assert.match(stdout, /report +not made: Java was not found/);
    });

    test('leaves no secret, colour or absolute path anywhere', () => {
      const files = readdirSync(outcomes.out, { recursive: true, withFileTypes: true })
        .filter((file) => file.isFile())
        .map((file) => readFileSync(join(file.parentPath, file.name), 'latin1'));
      for (const text of [outcomes.stdout.replaceAll(outcomes.out, ''), ...files]) {
        assert.doesNotMatch(text, /0123456789abcdef|correct horse/);
        assert.ok(!text.includes(ROOT), text);
      }
      assert.ok(!outcomes.stdout.includes('\u001B'));
    });
  });

describe('a run', () => {
  test('without a broken rule or an error is conformant, what is skipped is not counted as judged', async () => {
    const { model, code, stdout } = await run('passing');
    assert.equal(model.verdict, 'conformant');
    assert.equal(code, 0);
    assert.match(
      stdout,
      /passing: conformant \(profile full, 1 of \d+ rules judged, 1 skipped, one witness, /,
    );
  });

  test('keeps what a rule allows as a list, without secrets and paths, in every report', async () => {
    const broken = await run('violation');
    const violation = {
      acceptable: ['an answer without a token, a password, or a hash', 'two lines:\nno more'],
      actual: 'Authorization: Bearer •••\nand more',
      where: 'ladder.svg, message 2',
    };
    const words =
      'acceptable: an answer without a token, a password, or a hash, or two lines:\nno more\n' +
      'actual:     Authorization: Bearer •••\nand more\nwhere:      ladder.svg, message 2';
    const rule = broken.model.rules.find(({ id }) => id === 'sip.challenge');
    assert.deepEqual(rule?.scenarios[0]?.violation, violation);
    assert.equal(rule?.reason, words);
    assert.ok(broken.junit.includes(`message="${words.replaceAll('\n', '&#10;')}"`), broken.junit);
    const shown = resultOf(broken, 'Says too much');
    assert.ok(shown.statusDetails.message?.endsWith(words), shown.statusDetails.message);
    assert.deepEqual(
      shown.steps.map(({ status, attachments }) => [status, attachments.length]),
      [
        ['passed', 0],
        ['failed', 0],
        ['skipped', 0],
      ],
    );
    assert.match(
      broken.stdout,
      /acceptable an answer without a token, a password, or a hash\n {13}or two lines:\n {13}no more\n/,
    );
    const files = readdirSync(broken.out, { recursive: true, withFileTypes: true })
      .filter((file) => file.isFile())
      .map((file) => readFileSync(join(file.parentPath, file.name), 'utf8'));
    for (const text of [broken.stdout.replaceAll(broken.out, ''), ...files]) {
      assert.ok(!text.includes('0123456789abcdef') && !text.includes(ROOT), text);
    }
  });

  test('takes the last attempt at a scenario, and leaves no trace of the others', async () => {
    const { model, code, allure } = await run('retried', { retries: 1 });
    assert.equal(code, 0);
    assert.equal(model.counts.scenarios.passed, 1);
    assert.equal(allure.length, 1);
    const failing = await run('retried');
    assert.equal(failing.code, 1);
    assert.equal(failing.model.verdict, 'nonconformant');
  });

  test('with scenarios that no rule owns is an error that names them', async () => {
    const { model, code, stdout } = await run('stray');
    assert.equal(code, 2);
    assert.deepEqual(
      model.errors.map((error) => error.slice(0, error.indexOf('"'))),
      ['reports/fixtures/features/stray.feature:3: ', 'reports/fixtures/features/stray.feature:8: '],
    );
    assert.match(stdout, /ERROR reports\/fixtures\/features\/stray\.feature:3: /);
  });

  test('whose feature does not parse is an error that names the line', async () => {
    const { model, code } = await run('unparsable');
    assert.equal(code, 2);
    assert.match(model.errors[0] ?? '', /^reports\/fixtures\/features\/unparsable\.feature:8: /);
  });

  test('whose BeforeAll hook throws is an error that names it', async () => {
    const { model, code, allure, junit } = await run('before-all');
    assert.equal(code, 2);
    assert.deepEqual(model.errors, ['BeforeAll hook: the target was not ready']);
    assert.deepEqual(
      allure.map((result) => [result.name, result.status]),
      [['BeforeAll hook: the target was not ready', 'broken']],
    );
    assert.match(junit, /<testsuite name="run" tests="1" failures="0" errors="1"/);
  });

  test('of nothing exits with 3', async () => {
    const { code, model } = await run('empty');
    assert.equal(code, 3);
    assert.equal(model.verdict, 'error');
  });

  test('that is interrupted reports what there is, as an error', async () => {
    const interrupted = await run('unended', { interruptOn: 'waiting for the interrupt' });
    assert.equal(interrupted.code, 2);
    assert.equal(interrupted.model.interrupted, true);
    assert.deepEqual(
      interrupted.model.rules.flatMap((rule) => rule.scenarios).map(({ name, verdict }) => [name, verdict]),
      [
        ['Ends', 'passed'],
        ['Hangs', 'error'],
      ],
    );
    assert.deepEqual(interrupted.model.errors, ['interrupted: 2 of 2 scenarios had begun']);
    assert.equal(resultOf(interrupted, 'Ends').status, 'passed');
    assert.equal(interrupted.allure.length, 1);
    assert.ok(!readdirSync(interrupted.out).some((file) => file.endsWith('.draft')));
    assert.ok(existsSync(join(interrupted.out, 'allure-results', 'environment.properties')));
  });
});
