import assert from 'node:assert/strict';
import { test } from 'node:test';

import * as fc from 'fast-check';

import { LoopbackEdge, REALM } from '../testing/loopback_edge.ts';
import { startEdge } from './edge.ts';
import { EdgeError, type EdgeErrorCode } from './edge_error.ts';
import type { EdgeOptions } from './edge_options.ts';

const OPTIONS: EdgeOptions = {
  listen: { host: '127.0.0.1', port: 0 },
  realm: REALM,
  platform: { host: '127.0.0.1', port: 5080 },
  directory: { find: () => undefined },
  regionOf: () => undefined,
  nonce: { key: Buffer.alloc(32), lifetimeMs: 1000 },
};

async function startFailure(options: Partial<EdgeOptions>): Promise<EdgeError> {
  const outcome = await startEdge({ ...OPTIONS, ...options }).catch((error: unknown) => error);
  assert.ok(outcome instanceof EdgeError, 'the edge started');
  return outcome;
}

test('a taken address is named, with how to mend it', async () => {
  const edge = await startEdge(OPTIONS);
  const error = await startFailure({ listen: edge.address });
  assert.equal(error.code, 'EADDRINUSE');
  assert.equal(error.port, edge.address.port);
  assert.match(
    error.message,
    new RegExp(`^127\\.0\\.0\\.1:${edge.address.port}/udp is taken: .*another port`),
  );
  await edge.stop();
  await (await startEdge({ ...OPTIONS, listen: edge.address })).stop();
});

const WRONG: readonly (readonly [code: EdgeErrorCode, options: Partial<EdgeOptions>])[] = [
  ['EADDRNOTAVAIL', { listen: { host: '240.0.0.1', port: 0 } }],
  ['EDGE_LISTEN_ADDRESS', { listen: { host: '0.0.0.0', port: 0 } }],
  ['EDGE_LISTEN_ADDRESS', { listen: { host: 'localhost', port: 0 } }],
  ['EDGE_REALM', { realm: 'a"b' }],
  ['EDGE_NONCE_KEY', { nonce: { key: Buffer.alloc(8), lifetimeMs: 1000 } }],
  ['EDGE_PLATFORM', { platform: { host: '127.0.0.1', port: 0 } }],
  ['EDGE_PLATFORM', { platform: { host: 'no-such-host.invalid', port: 5080 } }],
];
for (const [code, options] of WRONG) {
  test(`${JSON.stringify(options)} is refused with ${code}`, async () => {
    const error = await startFailure(options);
    assert.equal(error.code, code);
    assert.match(error.message, /: /);
  });
}

test('stop refuses new calls, and lets those being set up and those established go on to their end', async () => {
  const lab = await LoopbackEdge.start();
  const call = await lab.established();
  const delivered = await lab.delivered({ callId: 'second' });
  let stopped = false;
  const stopping = lab.edge.stop().then(() => (stopped = true));
  lab.fromCaller(lab.inviteText({ callId: 'late' }));
  assert.equal((await lab.caller.response(503)).value('retry-after'), '5');
  lab.answer(delivered, 486);
  await lab.callee.request('ACK');
  await lab.caller.response(486);
  assert.equal(stopped, false);
  lab.fromCaller(lab.inDialogText(call, 'BYE'));
  lab.answer(await lab.callee.request('BYE'), 200);
  await lab.caller.response(200);
  await stopping;
  await lab.stop();
});

test('stop ends at the deadline, even if a dialog is still open', async () => {
  const lab = await LoopbackEdge.start({ drainMs: 1000 });
  await lab.established();
  const stopping = lab.edge.stop();
  lab.clock.advance(1000);
  await stopping;
  await lab.stop();
});

test('overload: new calls get 503 with Retry-After and are forgotten, dialogs go on', async () => {
  const lab = await LoopbackEdge.start({ memory: { calls: 4096, strangers: 1 << 20 } });
  const call = await lab.established();
  lab.fromCaller(lab.inviteText({ callId: 'too-much' }));
  assert.equal((await lab.caller.response(503)).value('retry-after'), '5');
  assert.equal(lab.edge.counters.overloaded, 1);
  assert.equal(lab.edge.occupancy().transactions, 2);
  lab.fromCaller(lab.inDialogText(call, 'INVITE'));
  lab.answer(await lab.callee.request('INVITE'), 200);
  await lab.caller.response(200);
  lab.clock.advance(40_000);
  lab.fromCaller(lab.inviteText({ callId: 'enough-again' }));
  await lab.callee.request('INVITE');
  await lab.stop();
});

test('stop cancels a call that still rings: the callee gets CANCEL, the caller 503', async () => {
  const lab = await LoopbackEdge.start({ drainMs: 1000 });
  lab.trustSources();
  lab.answer(await lab.delivered(), 180);
  await lab.caller.response(180);
  const stopping = lab.edge.stop();
  lab.clock.advance(1000);
  await stopping;
  await lab.caller.response(503);
  await lab.callee.request('CANCEL');
  await lab.stop();
});

test('the edge survives hostile datagrams and serves the next call', async () => {
  const lab = await LoopbackEdge.start();
  lab.trustSources();
  const original = lab.inviteText({ extra: ['Route: <sip:a;lr>', 'Record-Route: <sip:b;lr>'], body: 'v=0' });
  const mutation = fc.record({
    at: fc.nat(original.length),
    removed: fc.nat(8),
    added: fc.oneof(
      fc.constantFrom('\r\n', '\n', '"', '<', '>', ';', ',', ':', '\0'),
      fc.string({ maxLength: 6 }),
    ),
  });
  const hostile = fc.sample(fc.array(mutation, { minLength: 1, maxLength: 4 }), { numRuns: 400, seed: 1 });
  for (const mutations of hostile) {
    let text = original.replace(/^INVITE/, 'OPTIONS').replace('1 INVITE', '1 OPTIONS');
    for (const { at, removed, added } of mutations)
      text = text.slice(0, at) + added + text.slice(at + removed);
    lab.fromCaller(text);
  }
  // The answers differ as the datagrams do: all that matters is the answer to the last one.
  lab.fromCaller(lab.inviteText({ callId: 'after' }));
  await lab.callee.request('INVITE');
  assert.equal(lab.edge.counters.exceptions, 0);
  assert.ok(lab.edge.counters.malformed > 50);
  await lab.stop();
});

test('malformed requests are answered and make no transaction', async () => {
  const lab = await LoopbackEdge.start();
  for (const [from, to, answer] of [
    ['SIP/2.0\r\nVia', 'SIP/3.0\r\nVia', 'SIP/2.0 505 Version Not Supported'],
    ['INVITE sip:', 'INVITE news:', 'SIP/2.0 416 Unsupported URI Scheme'],
    ['To: ', 'Two: ', 'SIP/2.0 400 Bad Request (To)'],
    ['CSeq: 1 INVITE', 'CSeq: 1 BYE', 'SIP/2.0 400 Bad Request (CSeq)'],
  ] as const) {
    lab.fromCaller(lab.inviteText().replace(from, to));
    assert.equal(await lab.caller.startLine(), answer);
  }
  assert.equal(lab.edge.counters.malformed, 4);
  assert.equal(lab.edge.occupancy().transactions, 0);
  await lab.stop();
});

test('nothing is left in memory when everything has ended', async () => {
  const lab = await LoopbackEdge.start();
  const call = await lab.established();
  lab.fromCaller(lab.inDialogText(call, 'BYE'));
  lab.answer(await lab.callee.request('BYE'), 200);
  await lab.caller.response(200);
  // For 64·T1 twice it is known that the dialog has ended.
  lab.clock.advance(70_000);
  assert.deepEqual(lab.edge.occupancy(), { transactions: 0, dialogs: 0, timers: 0 });
  assert.equal(lab.clock.repetitions, 0);
  await lab.stop();
});
