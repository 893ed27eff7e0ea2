import assert from 'node:assert/strict';
import { afterEach, describe, test } from 'node:test';

import type { SipResponse } from '../sip/message.ts';
import { LoopbackEdge, NONCE_LIFETIME_MS } from '../testing/loopback_edge.ts';
import { startEdge } from './edge.ts';

const TWENTY_MINUTES = 1_200_000;
const HOUR = 3_600_000;
const KEY = Buffer.alloc(32, 9);

let lab: LoopbackEdge;

afterEach(() => lab.stop());

/** Calls with the right answer to the challenge. It is delivered, and refused by the callee. */
async function delivered(challenge: SipResponse, cseq: number, nc = 1): Promise<void> {
  const invite = lab.inviteText({ cseq, extra: [lab.authorization(challenge, { nc })] });
  lab.fromCaller(invite);
  const request = await lab.callee.request('INVITE');
  lab.answer(request, 486);
  lab.acknowledge(invite, await lab.caller.response(486));
  await lab.callee.request('ACK');
  await lab.settled();
}

/** Calls with the right answer to the challenge. Nothing is delivered, and the new challenge is stale. */
async function stale(challenge: SipResponse, cseq: number, nc = 1): Promise<SipResponse> {
  const invite = lab.inviteText({ cseq, extra: [lab.authorization(challenge, { nc })] });
  lab.fromCaller(invite);
  const again = await lab.caller.response(407);
  assert.match(again.value('proxy-authenticate') ?? '', /stale=true/);
  lab.acknowledge(invite, again);
  await lab.settled();
  assert.deepEqual(lab.callee.unread, []);
  return again;
}

describe('a nonce that another process issued', () => {
  test('is stale after a restart: a nonce-count that was used once is not accepted again', async () => {
    lab = await LoopbackEdge.start({ nonce: { key: KEY, lifetimeMs: HOUR } });
    const challenge = await lab.challenged();
    await delivered(challenge, 2);
    await lab.restart();
    const again = await stale(challenge, 3);
    await stale(challenge, 4, 2);
    await delivered(again, 5);
  });

  test('is stale at a second edge with the same key', async () => {
    lab = await LoopbackEdge.start({ nonce: { key: KEY, lifetimeMs: HOUR } });
    const challenge = await lab.challenged();
    await delivered(challenge, 2);
    const first = lab.edge;
    lab.edge = await startEdge({ ...lab.options, listen: { ...lab.options.listen, port: 0 } });
    const again = await stale(challenge, 3);
    await delivered(again, 4);
    const stopping = first.stop();
    lab.clock.advance(60_000);
    await stopping;
  });
});

describe('when somebody sets the wall clock', () => {
  for (const [way, step] of [
    ['back', -TWENTY_MINUTES],
    ['on', TWENTY_MINUTES],
  ] as const) {
    test(`${way}, fresh nonces are accepted, used counts are not, and old nonces expire in time`, async () => {
      lab = await LoopbackEdge.start();
      const before = await lab.challenged();
      await delivered(before, 2);
      // Two lifetimes and two calls make the counts begin a new generation.
      for (const cseq of [3, 5]) {
        lab.clock.advance(NONCE_LIFETIME_MS + 1);
        await delivered(await lab.challenged({ cseq }), cseq + 1);
      }
      const challenge = await lab.challenged({ cseq: 7 });
      lab.clock.step(step);
      await delivered(challenge, 8);
      await stale(challenge, 9);
      await delivered(await lab.challenged({ cseq: 10 }), 11);
      lab.clock.advance(NONCE_LIFETIME_MS + 1);
      await stale(challenge, 12, 2);
    });
  }
});
