import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import type { WireMessage } from '../capture/sip_messages.ts';
import { decisionRows, type TableRow } from '../model/decision_rows.ts';
import { assertFits, assertMisfit } from '../testing/asserted_match.ts';
import { received } from '../testing/built_call.ts';
import type { Attempt } from '../traffic/attempt.ts';
import { decidedAsDocumented, outcomeOf } from './decisions.ts';

const STALE = 'Proxy-Authenticate: Digest realm="r", nonce="n", stale=TRUE';
const INVITE = received('INVITE sip:a@b SIP/2.0', 'Call-ID: one');

function attempt(
  statusLine: string | undefined,
  delivered: readonly WireMessage[] | undefined,
  more = 'X: y',
): Attempt {
  const answers =
    statusLine === undefined
      ? []
      : [received(`SIP/2.0 ${statusLine}`, 'Call-ID: one', 'CSeq: 1 INVITE', more)];
  return {
    name: 'one',
    sent: '',
    callIds: ['one'],
    answers,
    delivered,
    passedOn: undefined,
    afterwards: undefined,
  };
}

describe('the outcome of an INVITE', () => {
  test('is that it came through where it was delivered, whatever was answered', () => {
    assert.equal(outcomeOf(attempt('486 Busy Here', [INVITE])), 'through');
    assert.equal(outcomeOf(attempt('407 Who', [INVITE])), 'through');
    assert.equal(outcomeOf(attempt('486 Busy Here', [])), '486');
  });

  test('is told by the answer where nobody sees what is delivered', () => {
    assert.equal(outcomeOf(attempt('486 Busy Here', undefined)), 'through');
    assert.equal(outcomeOf(attempt('403 Forbidden', undefined)), '403');
    assert.equal(outcomeOf(attempt(undefined, undefined)), 'no final answer');
  });

  test('is a challenge, which may say stale', () => {
    assert.equal(outcomeOf(attempt('407 Who', [])), '407');
    assert.equal(outcomeOf(attempt('407 Who', [], STALE)), '407 stale');
  });
});

const again = ({ name }: TableRow): string => `again ${name}`;

describe('decidedAsDocumented', () => {
  const rows = decisionRows(['id']).filter(({ rule }) => rule === 'sip.ip.not-listed');

  test('fits where each row has an outcome that is allowed', () => {
    assertFits(
      decidedAsDocumented(
        rows.map((row) => ({ row, attempt: attempt('401 No', []) })),
        again,
      ),
    );
  });

  test('tells the rows that deviate by their names, and counts what is too much to read', () => {
    const tried = rows.map((row, index) => ({
      row,
      attempt: index === 3 ? attempt('407 Who', []) : attempt('401 No', []),
    }));
    const name = rows[3]?.name ?? '';
    assertMisfit(decidedAsDocumented(tried, again), {
      acceptable: '401',
      actual: `in 1 of ${rows.length} rows: 407 (${name}: 401)`,
      where: `the table of the rows, attached; the first one again: again ${name}`,
    });
    const all = rows.map((row) => ({ row, attempt: attempt('407 Who', []) }));
    assertMisfit(decidedAsDocumented(all, again), {
      acceptable: '401',
      actual: new RegExp(`^in ${rows.length} of ${rows.length} rows: .*; and ${rows.length - 5} more$`),
    });
  });
});
