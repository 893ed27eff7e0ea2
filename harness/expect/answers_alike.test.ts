import { describe, test } from 'node:test';

import type { HttpAnswer } from '../clients/http.ts';
import { assertFits, assertMisfit } from '../testing/asserted_match.ts';
import { alike, type AnswerKind } from './answers_alike.ts';

const WHERE = 'the answer to GET /a; see the API exchange';

interface Made {
  readonly status?: number;
  readonly body?: unknown;
  readonly text?: string;
  readonly headers?: Record<string, string>;
}

function answer({ status = 403, body, text = JSON.stringify(body) ?? '', headers = {} }: Made): HttpAnswer {
  return {
    request: { method: 'GET', url: 'http://api.example/a' },
    status,
    headers: new Headers(headers),
    text,
    json: body,
    durationMs: 1,
  };
}

/** A kind whose requests named `x1` and `x2`. */
function kind(x: string, one: Made, two = one): AnswerKind {
  return {
    asked: `the ${x}`,
    answers: [
      { answer: answer(one), ownNames: [`${x}1`] },
      { answer: answer(two), ownNames: [`${x}2`] },
    ],
  };
}

function told(one: AnswerKind, other: AnswerKind, actual: string): void {
  assertMisfit(alike(one, other), {
    acceptable: ['the same answer to the a and to the b'],
    actual,
    where: WHERE,
  });
}

const refusal = (id: string, description: string): Made => ({
  body: { data: null, errors: [{ id, description }] },
});

const stamped = (date: string, request: string): Made => ({
  headers: { date, 'x-request-id': request, 'content-length': request },
});

const left = (count: number): Made => ({ headers: { 'ratelimit-remaining': String(count) } });

const named = (name: string): Made => refusal('1', `no ${name} for you`);

describe('alike', () => {
  test('accepts equal answers, and what varies from answer to answer anyway', () => {
    assertFits(alike(kind('a', refusal('1', 'no')), kind('b', refusal('1', 'no'))));
    assertFits(
      alike(
        kind('a', refusal('1', 'no'), refusal('2', 'no')),
        kind('b', refusal('3', 'no'), refusal('4', 'no')),
      ),
    );
    assertFits(
      alike(kind('a', stamped('1', '5'), stamped('1', '6')), kind('b', stamped('2', '7'), stamped('2', '8'))),
    );
  });

  test('takes a counter that has moved on', () => {
    assertFits(alike(kind('a', left(9), left(7)), kind('b', left(8), left(6))));
  });

  test('takes answers that repeat the name they were asked for', () => {
    assertFits(alike(kind('a', named('a1'), named('a2')), kind('b', named('b1'), named('b2'))));
  });

  test('finds a difference of status, header, member and text, and says which', () => {
    told(kind('a', { status: 403 }), kind('b', { status: 404 }), 'the status: 403 to the a, 404 to the b');
    told(
      kind('a', { headers: { 'x-why': 'there' } }),
      kind('b', { headers: {} }),
      'header x-why: there to the a, nothing to the b',
    );
    told(
      kind('a', refusal('1', 'wrong id')),
      kind('b', refusal('1', 'wrong secret')),
      'the body.errors.0.description: "wrong id" to the a, "wrong secret" to the b',
    );
    told(kind('a', { text: 'yes' }), kind('b', { text: 'no' }), 'the body: yes to the a, no to the b');
    told(
      kind('a', { body: { a: [] } }),
      kind('b', { body: { a: null } }),
      'the body.a: [] to the a, null to the b',
    );
  });

  test('finds what only one kind has, even where its value varies', () => {
    told(
      kind('a', { headers: { etag: '1' } }, { headers: { etag: '2' } }),
      kind('b', {}),
      'header etag: a value that varies to the a, nothing to the b',
    );
    told(
      kind('a', {}),
      kind('b', { headers: { etag: '1' } }, { headers: { etag: '2' } }),
      'header etag: nothing to the a, a value that varies to the b',
    );
  });
});
