import assert from 'node:assert/strict';
import { test } from 'node:test';

import type { FoundFault } from '../../faults/catalogue.ts';
import { loadRules } from '../../harness/rules.ts';
import { concerned, coverage } from './plan.ts';

const HOPS: FoundFault = {
  fault: { id: 'hops', rule: 'sip.hops', sentence: 'It.', override: {} },
  file: 'faults/sip/hops.ts',
};
const ERRORS: FoundFault = {
  fault: { id: 'errors', rule: 'app.errors', sentence: 'It.', override: {} },
  file: 'faults/app/errors.ts',
};
const COVERED = new Map([
  [
    'sip.hops',
    {
      isHeavy: false,
      features: new Set(['features/sip.feature']),
      steps: new Set(['steps/sip/signaling.ts']),
    },
  ],
  [
    'app.errors',
    { isHeavy: false, features: new Set(['features/app.feature']), steps: new Set(['steps/errors.ts']) },
  ],
]);
/** Read once: a second reading of the steps in one process finds none. */
const COVERAGE = coverage();
const TEXTS: Readonly<Record<string, string>> = {
  'steps/sip/signaling.ts': "scenario: 'invite-max-forwards-zero'",
  'steps/errors.ts': 'no traffic',
};

function concernedBy(files: readonly string[], rules: readonly string[] = []): string[] {
  const change = { files, rules: new Set(rules) };
  return concerned([HOPS, ERRORS], change, COVERED, (path) => TEXTS[path] ?? '').map(({ fault }) => fault.id);
}

test('a change concerns the faults whose file, feature, step, rule or traffic it touches', () => {
  assert.deepEqual(concernedBy(['faults/sip/hops.ts']), ['hops']);
  assert.deepEqual(concernedBy(['features/app.feature']), ['errors']);
  assert.deepEqual(concernedBy(['steps/sip/signaling.ts']), ['hops']);
  assert.deepEqual(concernedBy(['features/rules.yaml'], ['app.errors']), ['errors']);
  assert.deepEqual(concernedBy(['scenarios/sip/invite-max-forwards-zero.xml']), ['hops']);
});

test('a change of what every scenario uses concerns every fault', () => {
  for (const file of [
    'harness/run/session.ts',
    'impl/edge/proxy.ts',
    'faults/wire.ts',
    'steps/world.ts',
    'steps/sip/dial.ts',
    'scenarios/sip/invite-digest-any-answer.xml',
  ])
    assert.deepEqual(concernedBy([file]), ['hops', 'errors'], file);
});

test('other changes concern none', () => {
  assert.deepEqual(concernedBy(['README.md', 'harness/rules.test.ts', 'scenarios/sip/other.xml']), []);
});

test('the coverage holds every rule with scenarios, and the files of its features and steps', async () => {
  const { rules: covered, smokeFeatures } = await COVERAGE;
  const catalogue = loadRules();
  for (const rule of covered.keys()) assert.ok(catalogue.has(rule), rule);
  for (const area of ['oauth', 'app', 'sip', 'hard'])
    assert.ok(
      [...smokeFeatures].some((file) => file.startsWith(`features/${area}/`)),
      area,
    );
  const hops = covered.get('sip.hops');
  assert.deepEqual(
    [...(hops?.features ?? [])],
    ['features/sip/forms.feature', 'features/sip/routing.feature'],
  );
  assert.ok(hops?.steps.has('steps/sip/signaling.ts'));
});

test('a rule whose scenarios flood, starve or read the log of the target is heavy', async () => {
  const { rules } = await COVERAGE;
  const heavy = [...rules].filter(([, { isHeavy }]) => isHeavy).map(([id]) => id);
  for (const id of ['hard.flood.memory', 'hard.descriptors', 'hard.log.injection', 'hard.secrets.leak'])
    assert.ok(heavy.includes(id), `${id} is not among ${heavy.join(', ')}`);
  assert.ok(!heavy.includes('sip.challenge'));
});
