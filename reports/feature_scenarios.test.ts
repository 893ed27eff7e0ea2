import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { scenariosIn } from './feature_scenarios.ts';

const FIXTURES = 'reports/fixtures/features';

describe('scenariosIn', () => {
  test('has every scenario of all features under its rule, and each row of an outline', () => {
    const all = scenariosIn([`${FIXTURES}/retried.feature`, `${FIXTURES}/outcomes.feature`]) ?? [];
    const passing = all.filter(({ ruleId }) => ruleId === 'sip.options.keepalive');
    assert.deepEqual(
      passing.map(({ name, outline }) => [name, outline]),
      [
        ['Passes', 'Passes'],
        ['Passes for one [1]', 'Passes for <row>'],
        ['Passes for two [2]', 'Passes for <row>'],
      ],
    );
    assert.equal(all.length, 18);
  });

  test('lists a scenario without a rule under no rule', () => {
    const [first] = scenariosIn([`${FIXTURES}/stray.feature`]) ?? [];
    assert.equal(first?.ruleId, undefined);
  });

  test('is undefined where a feature does not parse', () => {
    const files = [`${FIXTURES}/passing.feature`, `${FIXTURES}/unparsable.feature`];
    assert.equal(scenariosIn(files), undefined);
  });
});
