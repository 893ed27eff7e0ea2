import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { Randomness } from '../randomness.ts';
import type { ManagementCall } from './management.ts';
import { flawedPatch } from './request_flaw.ts';

function flawed(...flaws: readonly string[]): ManagementCall | undefined {
  return flawedPatch('a', flaws, new Randomness(1));
}

describe('flawedPatch', () => {
  test('is a good PATCH without flaws', () => {
    const call = flawed();
    assert.ok(call);
    const { body, ...rest } = call;
    assert.deepEqual(rest, { method: 'PATCH', applicationId: 'a', contentType: 'application/json' });
    assert.doesNotThrow(() => JSON.parse(String(body)));
  });

  test('has every flaw that is asked for, in whatever order', () => {
    const names = ['malformed JSON', 'no token', 'a method it does not take', 'another content type'];
    const call = flawed(...names);
    assert.deepEqual([call?.withoutToken, call?.method, call?.contentType], [true, 'PUT', 'application/xml']);
    assert.throws(() => JSON.parse(String(call?.body)));
    assert.notEqual(flawed('an unknown application')?.applicationId, 'a');
    assert.ok(flawed('a foreign account')?.accountId);
  });

  test('makes a body too large, and keeps its other flaws', () => {
    const good = flawed('an oversized body')?.body;
    const bad = flawed('an oversized body', 'malformed JSON')?.body;
    assert.ok(good instanceof Uint8Array && bad instanceof Uint8Array);
    assert.ok(good.length > 10_000_000 && bad.length === good.length);
    assert.doesNotThrow(() => JSON.parse(Buffer.from(good).toString()));
    assert.throws(() => JSON.parse(Buffer.from(bad).toString()));
  });

  test('is undefined where it does not know a flaw', () => {
    assert.equal(flawed('no token', 'no patience'), undefined);
  });
});
