import assert from 'node:assert/strict';
import { test } from 'node:test';

import type { HttpAnswer } from '../clients/http.ts';
import { logSilent, refusalSilent } from './secrets.ts';

const SECRETS = [
  { what: 'the access token', text: 'header.claims.signature' },
  { what: 'the password', text: 'p"/+word' },
];

function answered(status: number, text: string, headers: Record<string, string> = {}): HttpAnswer {
  const request = { method: 'GET', url: 'http://127.0.0.1/x' };
  return { request, status, headers: new Headers(headers), text, json: undefined, durationMs: 1 };
}

test('a refusal that shows a secret in any form is told without it', () => {
  for (const answer of [
    answered(400, '{"description": "header.claims.signature is no number"}'),
    answered(401, '', { 'www-authenticate': 'Bearer error_description="header.claims.signature"' }),
    answered(404, '{"path": "/p%22%2F%2Bword"}'),
    answered(500, JSON.stringify({ body: 'p"/+word' })),
  ]) {
    const match = refusalSilent(answer, SECRETS, 'in the path');
    assert.ok(!match.ok);
    assert.doesNotMatch(JSON.stringify(match), /claims|word\b[^ ]/);
    assert.match(match.actual, /^the \d+ to the (access token|password) in the path shows it/);
  }
});

test('other refusals, and successes, are fine', () => {
  assert.ok(refusalSilent(answered(400, '{"description": "not JSON"}'), SECRETS, 'in the path').ok);
  assert.ok(refusalSilent(answered(200, 'header.claims.signature'), SECRETS, 'in the path').ok);
});

test('a line of the log that shows a secret is named by its number', () => {
  const match = logSilent(['ready', 'GET /?t=header.claims.signature'], SECRETS, 'target.log');
  assert.ok(!match.ok);
  assert.equal(match.where, 'target.log, line 2');
  assert.ok(logSilent(['ready', 'GET /?t=[redacted]'], SECRETS, 'target.log').ok);
});
