import assert from 'node:assert/strict';
import { test } from 'node:test';

import * as fc from 'fast-check';

import { ISSUER_OCTETS, parseRouteToken, RouteTokens } from './route_token.ts';

const LIFETIME_MS = 60_000;
let now = 1_800_000_000_000;

function tokensOf(key: number, issuer = 1): RouteTokens {
  const parts = { key: Buffer.alloc(32, key), issuer: Buffer.alloc(ISSUER_OCTETS, issuer) };
  return new RouteTokens({ ...parts, lifetimeMs: LIFETIME_MS, now: () => now });
}

const tokens = tokensOf(1);
const strangers = tokensOf(2);
const dialog = { callId: 'call', callerTag: 'a', calleeTag: 'b' };

const address = fc.ipV4();
const endpoint = fc.record({ address, port: fc.nat(65_535) }, { noNullPrototype: true });
const caller = fc
  .tuple(endpoint, fc.nat(65_535))
  .map(([end, port]) => (port === 0 ? end : { ...end, otherwise: { address: end.address, port } }));
const text = fc.stringMatching(/^[!-~]{0,20}$/);
const dialogs = fc.record({ callId: text, callerTag: text, calleeTag: text }, { noNullPrototype: true });

test('the caller’s token gives the callee, and is valid for that dialog and source alone', () => {
  fc.assert(
    fc.property(dialogs, dialogs, address, address, endpoint, (own, other, source, elsewhere, callee) => {
      const token = parseRouteToken(tokens.forCaller(own, source, callee));
      assert.ok(token?.holder === 'caller');
      assert.deepEqual(token.callee, callee);
      assert.ok(tokens.isCallers(token, own, source));
      assert.equal(tokens.isCallers(token, own, elsewhere), elsewhere === source);
      assert.equal(tokens.isCallers(token, other, source), JSON.stringify(other) === JSON.stringify(own));
      assert.ok(!tokens.isCallees(token, own.callId, own.callerTag));
      assert.ok(!strangers.isCallers(token, own, source));
    }),
  );
});

test('the callee’s token gives the caller and its transport', () => {
  fc.assert(
    fc.property(text, text, caller, fc.constantFrom('UDP', 'TCP'), (callId, tag, end, protocol) => {
      const token = parseRouteToken(tokens.forCallee(callId, tag, end, protocol));
      assert.ok(token?.holder === 'callee');
      assert.deepEqual([token.caller, token.protocol], [end, protocol]);
      assert.ok(tokens.isCallees(token, callId, tag));
      assert.ok(!tokens.isCallees(token, callId, `${tag}x`));
      assert.ok(!strangers.isCallees(token, callId, tag));
      assert.ok(!tokens.isCallers(token, { ...dialog, callId, callerTag: tag }, end.address));
    }),
  );
});

test('a token with any character changed, added or removed proves nothing', () => {
  const callee = { address: '198.18.67.97', port: 5080 };
  const written = tokens.forCaller(dialog, '203.0.113.5', callee);
  fc.assert(
    fc.property(fc.nat(39), fc.nat(2), fc.stringMatching(/^[A-Za-z0-9_-]{0,2}$/), (at, removed, added) => {
      const changed = written.slice(0, at) + added + written.slice(at + removed);
      fc.pre(changed !== written);
      const token = parseRouteToken(changed);
      assert.ok(token === undefined || !tokens.isCallers(token, dialog, '203.0.113.5'));
    }),
  );
});

test('other user parts are no tokens', () => {
  for (const user of [undefined, '', 'alice', '15f99d57-f823-4718-80cc-5d95d5b83e59', 'A'.repeat(39)]) {
    assert.equal(parseRouteToken(user), undefined);
  }
});

test('a token expires', () => {
  const token = parseRouteToken(
    tokens.forCaller(dialog, '203.0.113.5', { address: '198.18.67.97', port: 1 }),
  )!;
  const issued = now;
  now = issued + LIFETIME_MS - 1000;
  assert.ok(tokens.isCallers(token, dialog, '203.0.113.5'));
  now = issued + LIFETIME_MS + 1000;
  assert.ok(!tokens.isCallers(token, dialog, '203.0.113.5'));
  now = issued;
});

test('every holder of the key takes a token, and only its issuer knows it for its own', () => {
  const later = tokensOf(1, 2);
  const token = parseRouteToken(tokens.forCallee('call', 'a', { address: '203.0.113.5', port: 1 }, 'UDP'))!;
  assert.deepEqual([tokens.isCallees(token, 'call', 'a'), later.isCallees(token, 'call', 'a')], [true, true]);
  assert.deepEqual([tokens.isOwn(token), later.isOwn(token)], [true, false]);
});
