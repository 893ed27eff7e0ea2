import assert from 'node:assert/strict';
import { test } from 'node:test';

import * as fc from 'fast-check';

import { parseRouteToken, RouteTokens } from './route_token.ts';

const tokens = new RouteTokens(Buffer.alloc(32, 1));
const strangers = new RouteTokens(Buffer.alloc(32, 2));
const dialog = { callId: 'call', callerTag: 'a', calleeTag: 'b' };

const address = fc.ipV4();
const endpoint = fc.record({ address, port: fc.nat(65_535) }, { noNullPrototype: true });
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
    fc.property(text, text, endpoint, fc.constantFrom('UDP', 'TCP'), (callId, tag, caller, protocol) => {
      const token = parseRouteToken(tokens.forCallee(callId, tag, caller, protocol));
      assert.ok(token?.holder === 'callee');
      assert.deepEqual([token.caller, token.protocol], [caller, protocol]);
      assert.ok(tokens.isCallees(token, callId, tag));
      assert.ok(!tokens.isCallees(token, callId, `${tag}x`));
      assert.ok(!strangers.isCallees(token, callId, tag));
      assert.ok(!tokens.isCallers(token, { ...dialog, callId, callerTag: tag }, caller.address));
    }),
  );
});

test('a token with any character changed, added or removed proves nothing', () => {
  const callee = { address: '198.18.67.97', port: 5080 };
  const written = tokens.forCaller(dialog, '203.0.113.5', callee);
  fc.assert(
    fc.property(fc.nat(27), fc.nat(2), fc.stringMatching(/^[A-Za-z0-9_-]{0,2}$/), (at, removed, added) => {
      const changed = written.slice(0, at) + added + written.slice(at + removed);
      fc.pre(changed !== written);
      const token = parseRouteToken(changed);
      assert.ok(token === undefined || !tokens.isCallers(token, dialog, '203.0.113.5'));
    }),
  );
});

test('other user parts are no tokens', () => {
  for (const user of [undefined, '', 'alice', '15f99d57-f823-4718-80cc-5d95d5b83e59', 'A'.repeat(27)]) {
    assert.equal(parseRouteToken(user), undefined);
  }
});
