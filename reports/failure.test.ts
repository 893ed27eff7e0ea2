import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { TestStepResultStatus } from '@cucumber/messages';
import type { TestStepResult } from '@cucumber/messages';
import * as fc from 'fast-check';
import { RuleViolation } from '../harness/verdict.ts';
import { failureOf } from './failure.ts';

/** What cucumber sends of an exception. */
function resultOf(error: Error): TestStepResult {
  const exception = { type: error.constructor.name, message: error.message, stackTrace: error.stack ?? '' };
  const duration = { seconds: 0, nanos: 0 };
  return { status: TestStepResultStatus.FAILED, duration, message: error.stack ?? '', exception };
}

const asItIs = (text: string): string => text;

void describe('failureOf', () => {
  void it('takes a RuleViolation apart again, whatever it says', () => {
    const words = fc.stringMatching(/^[\w "'().\n]{1,60}$/);
    fc.assert(
      fc.property(fc.array(words, { minLength: 1 }), words, fc.option(words), (acceptable, actual, where) => {
        const failure = failureOf(
          resultOf(new RuleViolation(acceptable, actual, where ?? undefined)),
          'Then it is judged',
          asItIs,
        );
        assert.deepEqual(failure.acceptable, acceptable);
        assert.equal(failure.actual, actual);
        assert.equal(failure.where, where ?? undefined);
      }),
    );
  });

  void it('keeps the frames of any other exception apart from its message', () => {
    const failure = failureOf(resultOf(new TypeError('acceptable: no')), 'a hook', (text) =>
      text.toUpperCase(),
    );
    assert.equal(failure.message, 'ACCEPTABLE: NO');
    assert.equal(failure.acceptable, undefined);
    assert.match(failure.trace ?? '', /^ +AT .*FAILURE\.TEST\.TS/);
  });

  void it('has words for a result without an exception', () => {
    const { status, duration } = resultOf(new Error('x'));
    assert.equal(failureOf({ status, duration }, 'a step', asItIs).message, 'failed step');
  });
});
