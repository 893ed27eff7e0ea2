import assert from 'node:assert/strict';
import { test } from 'node:test';

import * as fc from 'fast-check';

import { ManualClock } from '../testing/manual_clock.ts';
import { TICK_MS, Timer, TimerWheel } from './timer_wheel.ts';

function recorded(clock: ManualClock): { fired: [string, number][]; timer: () => Timer } {
  const fired: [string, number][] = [];
  const timer = (): Timer => new Timer({ timerFired: (event) => fired.push([event, clock.monotonic()]) });
  return { fired, timer };
}

test('a timer fires once, never early and at most two ticks late, over many turns of the wheel', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 0, max: 400_000 }), { maxLength: 40 }),
      fc.nat(2 * TICK_MS),
      (delays, offset) => {
        const clock = new ManualClock(offset);
        const wheel = new TimerWheel(clock);
        const { fired, timer } = recorded(clock);
        for (const [index, delay] of delays.entries()) wheel.start(timer(), String(index), delay);
        clock.advance(400_000 + 2 * TICK_MS);
        assert.equal(fired.length, delays.length);
        for (const [index, at] of fired) {
          const late = at - offset - delays[Number(index)]!;
          assert.ok(late >= 0 && late <= 2 * TICK_MS, `${late} ms late`);
        }
        assert.equal(wheel.running, 0);
        assert.equal(clock.repetitions, 0);
      },
    ),
    { numRuns: 30 },
  );
});

test('a stopped timer does not fire; a restarted timer fires by its last start', () => {
  const clock = new ManualClock();
  const wheel = new TimerWheel(clock);
  const { fired, timer } = recorded(clock);
  const stopped = timer();
  const anew = timer();
  wheel.start(stopped, 'stopped', 100);
  wheel.start(anew, 'first', 100);
  clock.advance(50);
  wheel.stop(stopped);
  wheel.start(anew, 'second', 100);
  clock.advance(1000);
  assert.deepEqual(
    fired.map(([event]) => event),
    ['second'],
  );
});

test('a timer’s owner may stop and start other timers due at the same moment', () => {
  const clock = new ManualClock();
  const wheel = new TimerWheel(clock);
  const fired: string[] = [];
  const other = new Timer({ timerFired: (event) => fired.push(event) });
  const first: Timer = new Timer({
    timerFired(event) {
      fired.push(event);
      wheel.stop(other);
      if (fired.length < 3) wheel.start(first, 'again', 0);
    },
  });
  wheel.start(first, 'first', 100);
  wheel.start(other, 'other', 100);
  clock.advance(1000);
  assert.deepEqual(fired, ['first', 'again', 'again']);
});

test('no timer is lost when the machine pauses for long', () => {
  let now = 0;
  let tick: (() => void) | undefined;
  const wheel = new TimerWheel({
    monotonic: () => now,
    wall: () => now,
    repeat(_ms, callback) {
      tick = callback;
      return () => undefined;
    },
  });
  const fired: string[] = [];
  for (const delay of [10, 5000, 40_000, 90_000]) {
    wheel.start(new Timer({ timerFired: (event) => fired.push(event) }), String(delay), delay);
  }
  now = 100_000;
  tick?.();
  assert.deepEqual(fired.toSorted(), ['10', '40000', '5000', '90000']);
});

test('after stopAll no timer fires', () => {
  const clock = new ManualClock();
  const wheel = new TimerWheel(clock);
  const { fired, timer } = recorded(clock);
  wheel.start(timer(), 'a', 10);
  wheel.stopAll();
  clock.advance(100);
  assert.deepEqual(fired, []);
  assert.equal(clock.repetitions, 0);
});

test('an owner’s exception is reported, and the other timers of its tick still fire', () => {
  const clock = new ManualClock();
  const caught: unknown[] = [];
  const wheel = new TimerWheel(clock, (error) => caught.push(error));
  const bug = new Error('a bug');
  const fired: string[] = [];
  const bad = new Timer({
    timerFired: () => {
      throw bug;
    },
  });
  const good = new Timer({ timerFired: (event: string) => fired.push(event) });
  wheel.start(bad, 'bad', 100);
  wheel.start(good, 'good', 100);
  clock.advance(200);
  assert.deepEqual(caught, [bug]);
  assert.deepEqual(fired, ['good']);
  assert.equal(wheel.running, 0);
});
