import assert from 'node:assert/strict';
import { test } from 'node:test';

import { ManualClock } from '../testing/manual_clock.ts';
import { Overload } from './overload.ts';

/** A clock whose callbacks come late by a set time. */
class LateClock extends ManualClock {
  lateMs = 0;

  override monotonic(): number {
    return super.monotonic() + this.lateMs;
  }
}

test('calls are refused while the event loop is late several times in a row, until it has caught up', () => {
  const clock = new LateClock();
  const overload = new Overload(clock, 400);
  const refusals: boolean[] = [];
  for (const lateMs of [0, 1000, 2000, 3000, 3000, 3000, 3000]) {
    clock.lateMs = lateMs;
    refusals.push(overload.refusesCall());
    clock.advance(100);
  }
  // At the third late time in a row calls are refused; then the lag halves: 1000, 500, 250.
  assert.deepEqual(refusals, [false, false, false, false, true, true, false]);
});

test('a single stall refuses no call', () => {
  const clock = new LateClock();
  const overload = new Overload(clock, 400);
  for (const lateMs of [0, 2000, 4000, 4000, 6000, 8000]) {
    clock.lateMs = lateMs;
    assert.equal(overload.refusesCall(), false);
    clock.advance(100);
  }
});

test('nothing is measured while no calls come', () => {
  const clock = new ManualClock();
  const overload = new Overload(clock, 400);
  overload.refusesCall();
  assert.equal(clock.repetitions, 1);
  clock.advance(200);
  assert.equal(clock.repetitions, 0);
});
