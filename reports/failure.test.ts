import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { TestStepResultStatus, type TestStepResult } from '@cucumber/messages';

import { RuleViolation } from '../harness/verdict.ts';
import { failureOf } from './failure.ts';

/** What cucumber sends of an exception. */
function resultOf(error: Error): TestStepResult {
  const exception = { type: error.constructor.name, message: error.message, stackTrace: error.stack ?? '' };
  const duration = { seconds: 0, nanos: 0 };
  return { status: TestStepResultStatus.FAILED, duration, message: error.stack ?? '', exception };
}

const asItIs = (text: string): string => text;
const loud = (text: string): string => text.toUpperCase();

describe('failureOf', () => {
  test('keeps the outcomes of a broken rule apart, whatever they say', () => {
    const acceptable = ['407, or 401 of an older edge', 'two lines:\nno more'];
    const error = new RuleViolation(acceptable, '200\nactual: OK', 'message 2');
    const failure = failureOf(resultOf(error), 'Then it is judged', asItIs, error.violation);
    assert.deepEqual(failure.violation, { acceptable, actual: '200\nactual: OK', where: 'message 2' });
    assert.equal(failure.message, error.message);
  });

  test('cleans every field of it', () => {
    const { violation } = new RuleViolation(['a', 'b'], 'c', 'd');
    const failure = failureOf(resultOf(new Error('x')), 'a step', loud, violation);
    assert.deepEqual(failure.violation, { acceptable: ['A', 'B'], actual: 'C', where: 'D' });
    assert.equal(failure.message, 'acceptable: A, or B\nactual:     C\nwhere:      D');
  });

  test('keeps the frames of any other exception apart from its message', () => {
    const failure = failureOf(resultOf(new TypeError('acceptable: no')), 'a hook', loud);
    assert.equal(failure.message, 'ACCEPTABLE: NO');
    assert.equal(failure.violation, undefined);
    assert.match(failure.trace ?? '', /^ +AT .*FAILURE\.TEST\.TS/);
  });

  test('has words for a result without an exception', () => {
    const { status, duration } = resultOf(new Error('x'));
    assert.equal(failureOf({ status, duration }, 'a step', asItIs).message, 'failed step');
  });
});
