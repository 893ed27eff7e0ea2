import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import type { MemorySample } from '../target/process_memory.ts';
import { assertFits, assertMisfit } from '../testing/asserted_match.ts';
import { received } from '../testing/built_call.ts';
import {
  answeredOverOpenConnection,
  levelledOff,
  servedAsBefore,
  servedAtOnce,
  showCourse,
  type CustomersCall,
} from './floods.ts';

const MB = 1e6;

/** Forty samples of a flood of 4 MB a sample, by what is held at each. */
function samples(held: (index: number) => number): MemorySample[] {
  return Array.from({ length: 40 }, (_, index) => ({ sent: index * 4 * MB, held: held(index) }));
}

describe('levelledOff', () => {
  test('fits memory that rises at first, that swings, and that falls', () => {
    assertFits(levelledOff(samples((index) => (150 + 3 * Math.min(index, 18)) * MB)));
    assertFits(levelledOff(samples((index) => (150 + 20 * (index % 2)) * MB)));
    assertFits(levelledOff(samples((index) => (300 - index) * MB)));
  });

  test('does not fit memory that keeps two thirds of what comes, or all of it', () => {
    for (const part of [2 / 3, 1])
      assertMisfit(levelledOff(samples((index) => (150 + 4 * part * index) * MB)), {
        acceptable:
          'memory that grows by at most half of what comes, once the flood has gone on for half its time',
        actual: /^it grew by (26\.7|40\.0) MB while 40\.0 MB came, from [\d.]+ MB to [\d.]+ MB$/,
        where: /attached/,
      });
  });

  test('needs a course to judge', () => {
    assert.ok(showCourse(samples(() => 0)));
    assert.ok(!showCourse(samples(() => 0).slice(0, 15)));
  });
});

/** Ten calls before, during and after, which take so many milliseconds. */
function calls(ms: Readonly<Record<CustomersCall['when'], number>>): CustomersCall[] {
  return (['before', 'during', 'after'] as const).flatMap((when) =>
    Array.from({ length: 10 }, () => ({ when, status: 486, ms: ms[when] })),
  );
}

describe('servedAsBefore', () => {
  const usual = calls({ before: 5, during: 5, after: 5 });

  test('fits equal answers, and one odd one among twenty', () => {
    assertFits(servedAsBefore(usual));
    assertFits(servedAsBefore(usual.map((call, index) => (index === 12 ? { ...call, status: 503 } : call))));
  });

  test('does not fit other answers, or none', () => {
    const refused = usual.map((call, index) => (index > 17 ? { ...call, status: 503 } : call));
    assertMisfit(servedAsBefore(refused), {
      acceptable: '486 to nineteen of twenty calls, as before the flood',
      actual: '503 to 12 of 30 calls, the first of them during the flood',
    });
    const silent = usual.map((call, index) => (index > 20 ? { ...call, status: undefined } : call));
    assertMisfit(servedAsBefore(silent), {
      acceptable: '486 to nineteen of twenty calls, as before the flood',
      actual: 'no answer to 9 of 30 calls, the first of them after the flood',
    });
  });
});

describe('servedAtOnce', () => {
  test('fits what nobody notices, and a machine that was slow before', () => {
    assertFits(servedAtOnce(calls({ before: 2, during: 199, after: 150 })));
    assertFits(servedAtOnce(calls({ before: 60, during: 590, after: 60 })));
  });

  test('fits a few slow calls: a datagram may be lost', () => {
    const some = calls({ before: 5, during: 5, after: 5 });
    assertFits(servedAtOnce(some.map((call, index) => (index % 3 === 0 ? { ...call, ms: 505 } : call))));
  });

  test('does not fit slow calls, during or after', () => {
    const acceptable = 'a median answer within 200 ms (200 ms, or 10 times the 5.0 ms of before)';
    assertMisfit(servedAtOnce(calls({ before: 5, during: 300, after: 5 })), {
      acceptable,
      actual: '300 ms during the flood',
    });
    assertMisfit(servedAtOnce(calls({ before: 5, during: 5, after: 300 })), {
      acceptable,
      actual: '300 ms after the flood',
    });
  });
});

test('answeredOverOpenConnection fits 200 alone', () => {
  assertFits(answeredOverOpenConnection(received('SIP/2.0 200 OK'), 'the customer'));
  const acceptable = '200 to the OPTIONS over the connection that the customer keeps open';
  assertMisfit(answeredOverOpenConnection(received('SIP/2.0 503 No'), 'the customer'), {
    acceptable,
    actual: 'SIP/2.0 503 No',
  });
  assertMisfit(answeredOverOpenConnection(undefined, 'the customer'), {
    acceptable,
    actual: 'no answer, or a closed connection',
  });
});
