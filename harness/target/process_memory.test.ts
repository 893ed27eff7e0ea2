import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';

import { memoryOctetsOf, memoryWhile } from './process_memory.ts';

describe('the memory of a process', { skip: process.platform !== 'linux' && 'read from /proc' }, () => {
  test('is more than nothing for this one, and nothing for one that does not exist', () => {
    assert.ok(memoryOctetsOf(process.pid) > 10e6);
    assert.equal(memoryOctetsOf(2 ** 30), 0);
  });

  test('is sampled until what is waited for is over, with what was sent by then', async () => {
    let sent = 0;
    const samples = await memoryWhile(delay(450), process.pid, () => ++sent);
    assert.ok(samples.length >= 3);
    assert.deepEqual(
      samples.map((sample) => sample.sent),
      samples.map((_, index) => index + 1),
    );
    assert.ok(samples.every(({ held }) => held > 0));
  });
});
