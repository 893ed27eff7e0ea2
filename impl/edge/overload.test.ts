import assert from 'node:assert/strict';
import { test } from 'node:test';

import { ManualClock } from '../sip/manual_clock.ts';
import { Overload } from './overload.ts';

/** A clock whose callbacks come as late as it is told. */
class LateClock extends ManualClock {
  lateMs = 0;

  override monotonic(): number {
    return super.monotonic() + this.lateMs;
  }
}

test('too many transactions refuse a call', () => {
  const overload = new Overload(new ManualClock(), { lagMs: 100, transactions: 3 });
  assert.deepEqual([overload.refusesCall(2), overload.refusesCall(3)], [false, true]);
});

test('a late event loop refuses calls until it has caught up', () => {
  const clock = new LateClock();
  const overload = new Overload(clock, { lagMs: 400, transactions: 10 });
  assert.equal(overload.refusesCall(0), false);
  clock.lateMs = 1000;
  clock.advance(100);
  assert.equal(overload.refusesCall(0), true);
  clock.advance(100);
  assert.equal(overload.refusesCall(0), true);
  clock.advance(100);
  assert.equal(overload.refusesCall(0), false);
});

test('nothing is measured while no call comes', () => {
  const clock = new ManualClock();
  const overload = new Overload(clock, { lagMs: 400, transactions: 10 });
  overload.refusesCall(0);
  assert.equal(clock.repetitions, 1);
  clock.advance(200);
  assert.equal(clock.repetitions, 0);
});
