import { describe, test } from 'node:test';

import { Randomness } from '../randomness.ts';
import { assertFits, assertMisfit } from '../testing/asserted_match.ts';
import { received } from '../testing/built_call.ts';
import type { TimedKind } from '../traffic/timed.ts';
import { answersAlike, noneSlower, timesAlike } from './times.ts';

const ROUNDS = 200;
const randomness = new Randomness(1);

/** A millisecond and noise whose tail is as long as a busy machine makes it. */
function noisy(shift = 0): number[] {
  return Array.from({ length: ROUNDS }, () => {
    const part = randomness.integer(1, 1_000) / 1_000;
    return 1 + 0.2 / part + shift;
  });
}

function kind(
  name: string,
  times: readonly number[],
  line = 'SIP/2.0 401 No',
  ...headers: string[]
): TimedKind {
  return { name, times, answer: received(line, ...headers) };
}

const of = (ms: number, rounds = 20): number[] => Array.from({ length: rounds }, () => ms);

describe('timesAlike', () => {
  const acceptable = 'median times that differ by less than a factor of 3';

  test('compares medians, so that a few slow answers count for nothing', () => {
    assertFits(timesAlike([kind('a', [...of(1), 900]), kind('b', [...of(2), 2])], 3));
    assertMisfit(timesAlike([kind('a', [...of(1), 900]), kind('b', [...of(3), 3])], 3), {
      acceptable,
      actual: '3.000 ms for b, 1.000 ms for a',
    });
  });

  test('finds no difference in medians that are apart by chance', () => {
    const [one, other] = [
      [...of(1, 21), ...of(9, 19)],
      [...of(9, 21), ...of(1, 19)],
    ];
    assertFits(timesAlike([kind('a', one), kind('b', other)], 3));
  });

  test('may leave the earlier rounds out', () => {
    const kinds = [kind('a', of(1, 40)), kind('b', [...of(1), ...of(9)])];
    assertMisfit(timesAlike(kinds, 3, 0.5), { acceptable, actual: '9.000 ms for b, 1.000 ms for a' });
    assertFits(timesAlike([kind('a', of(1, 40)), kind('b', [...of(9), ...of(1)])], 3, 0.5));
  });
});

describe('noneSlower', () => {
  test('raises no alarm about noise, however long its tail is', () => {
    for (let run = 0; run < 200; run++) assertFits(noneSlower([kind('a', noisy()), kind('b', noisy())]));
  });

  test('sees a shift of the size of the noise, in either direction', () => {
    const wish = 'either is the slower one in about half of the rounds';
    for (const [one, other] of [
      [0.3, 0],
      [0, 0.3],
    ] as const)
      assertMisfit(noneSlower([kind('a', noisy(one)), kind('b', noisy(other))]), {
        acceptable: wish,
        actual: one > other ? /^a was slower than b in \d+ of 200/ : /^b was slower than a in \d+ of 200/,
      });
  });
});

test('answers are alike in status line, header order and length', () => {
  const first = kind('a', [], 'SIP/2.0 401 No', 'From: a', 'To: b');
  assertFits(answersAlike([first, kind('b', [], 'SIP/2.0 401 No', 'From: c', 'To: d')]));
  for (const other of [
    kind('b', [], 'SIP/2.0 403 No', 'From: a', 'To: b'),
    kind('b', [], 'SIP/2.0 401 No', 'To: a', 'From: b'),
    kind('b', [], 'SIP/2.0 401 No', 'From: a', 'To: bb'),
  ])
    assertMisfit(answersAlike([first, other]), {
      acceptable: 'answers that cannot be told apart',
      actual: / to a; .* to b$/,
    });
});
