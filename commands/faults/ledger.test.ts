import assert from 'node:assert/strict';
import { beforeEach, describe, test } from 'node:test';

import type { FoundFault } from '../../faults/catalogue.ts';
import type { FaultOutcome } from '../../reports/fault_outcome.ts';
import { outcomeOf } from '../../reports/faults.ts';
import type { FaultJob, FaultReport } from './job.ts';
import { Ledger } from './ledger.ts';

const RULE = 'sip.challenge';

function found(id: string): FoundFault {
  return {
    fault: { id, rule: RULE, sentence: 'It is broken.', override: {} },
    file: 'faults/sip/challenge.ts',
  };
}

function job(id: string, isAlone: boolean): FaultJob {
  const what = { smoke: [], tags: `@${RULE}`, features: [], rules: [RULE], collateral: [] };
  return { id, fault: id, ...what, isAlone, parallel: 0 };
}

function report(id: string, verdict: 'passed' | 'failed'): FaultReport {
  const scenario = {
    rule: RULE,
    name: 'One',
    place: 'features/sip/digest.feature:1',
    reason: 'red',
    steps: [],
  };
  return { id, seconds: 1, scenarios: [{ ...scenario, verdict }], problems: [] };
}

describe('what came of the jobs', () => {
  const shared = job('in a process that others use', false);
  const alone = job('alone', true);
  const told: FaultOutcome[] = [];

  function ledger(triesAgain = true): Ledger {
    return new Ledger({
      faults: [found(shared.id), found(alone.id)],
      jobs: [job('no-fault', true), shared, alone],
      triesAgain,
      outcomeOf: ({ fault, file }, one) =>
        outcomeOf({ ...fault, foundBy: [], collateral: {}, file }, { ...one, isWholeSuite: false }),
      tell: (outcome) => told.push(outcome),
    });
  }

  beforeEach(() => void told.splice(0));

  test('a fault that is found is done', () => {
    const one = ledger();
    assert.equal(one.enter(report(shared.id, 'failed')), undefined);
    assert.deepEqual([told[0]?.fate, one.again.size], ['killed', 0]);
  });

  test('one that is not found gets a process of its own, and then it is done', () => {
    const one = ledger();
    assert.deepEqual(one.enter(report(shared.id, 'passed')), { ...shared, isAlone: true });
    assert.equal(told.length, 0);
    assert.equal(one.enter(report(shared.id, 'passed')), undefined);
    assert.equal(told[0]?.fate, 'survived');
  });

  test('one that had a process of its own is tried again at the end', () => {
    const one = ledger();
    assert.equal(one.enter(report(alone.id, 'passed')), undefined);
    assert.deepEqual([told.length, one.late], [0, [alone]]);
    one.enter(report(alone.id, 'failed'));
    assert.deepEqual([told[0]?.fate, [...one.again]], ['killed', [alone.id]]);
  });

  test('nothing is tried again that shall not be', () => {
    const one = ledger(false);
    assert.equal(one.enter(report(alone.id, 'passed')), undefined);
    assert.deepEqual([told[0]?.fate, one.late], ['survived', []]);
  });

  test('what is red without a fault is an error that names it', () => {
    assert.equal(ledger().enter(report('no-fault', 'passed')), undefined);
    assert.throws(() => ledger().enter(report('no-fault', 'failed')), /digest\.feature:1 One: red/);
  });
});
