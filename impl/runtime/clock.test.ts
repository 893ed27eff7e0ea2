import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { steadyWall } from './clock.ts';

const START = 1_800_000_000_000;
const TWENTY_MINUTES = 1_200_000;

describe('the wall clock', () => {
  test('goes on at its pace when the machine’s clock is set back, until that has caught up', () => {
    const time = { elapsed: 5, machine: START };
    const wall = steadyWall(
      () => time.elapsed,
      () => time.machine,
    );
    assert.equal(wall(), START);
    const pass = (ms: number): number => {
      time.elapsed += ms;
      time.machine += ms;
      return wall();
    };
    assert.equal(pass(1000), START + 1000);
    time.machine -= TWENTY_MINUTES;
    assert.equal(wall(), START + 1000);
    assert.equal(pass(1000), START + 2000);
    time.machine += TWENTY_MINUTES;
    assert.equal(pass(1000), START + 3000);
  });

  test('follows at once when the machine’s clock is set on', () => {
    const time = { elapsed: 5, machine: START };
    const wall = steadyWall(
      () => time.elapsed,
      () => time.machine,
    );
    assert.equal(wall(), START);
    time.machine += TWENTY_MINUTES;
    assert.equal(wall(), START + TWENTY_MINUTES);
    time.elapsed += 10;
    time.machine += 10;
    assert.equal(wall(), START + TWENTY_MINUTES + 10);
  });

  test('never goes back, whatever the machine’s clock does', () => {
    let elapsed = 0;
    let machine = START;
    const wall = steadyWall(
      () => elapsed,
      () => machine,
    );
    let last = wall();
    for (const step of [3.7, -5000, 12, 86_400_000, -86_400_000, 0, 1e12, -1e12]) {
      elapsed += 0.4;
      machine += step;
      const now = wall();
      assert.ok(now >= last, `${now} after ${last}`);
      last = now;
    }
  });
});
