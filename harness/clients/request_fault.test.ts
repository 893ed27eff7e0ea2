import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Randomness } from '../randomness.ts';
import type { ManagementCall } from './management.ts';
import { faultyPatch } from './request_fault.ts';

function faulty(...faults: readonly string[]): ManagementCall | undefined {
  return faultyPatch('a', faults, new Randomness(1));
}

void describe('faultyPatch', () => {
  void it('is a good PATCH without faults', () => {
    const call = faulty();
    assert.ok(call);
    const { body, ...rest } = call;
    assert.deepEqual(rest, { method: 'PATCH', applicationId: 'a', contentType: 'application/json' });
    assert.doesNotThrow(() => JSON.parse(String(body)));
  });

  void it('has every fault that is asked for, in whatever order', () => {
    const names = ['malformed JSON', 'no token', 'a method it does not take', 'another content type'];
    const call = faulty(...names);
    assert.deepEqual([call?.withoutToken, call?.method, call?.contentType], [true, 'PUT', 'application/xml']);
    assert.throws(() => JSON.parse(String(call?.body)));
    assert.notEqual(faulty('an unknown application')?.applicationId, 'a');
    assert.ok(faulty('a foreign account')?.accountId);
  });

  void it('makes a body too large, and keeps what was wrong with it', () => {
    const good = faulty('an oversized body')?.body;
    const bad = faulty('an oversized body', 'malformed JSON')?.body;
    assert.ok(good instanceof Uint8Array && bad instanceof Uint8Array);
    assert.ok(good.length > 10_000_000 && bad.length === good.length);
    assert.doesNotThrow(() => JSON.parse(Buffer.from(good).toString()));
    assert.throws(() => JSON.parse(Buffer.from(bad).toString()));
  });

  void it('is undefined where it does not know a fault', () => {
    assert.equal(faulty('no token', 'no patience'), undefined);
  });
});
