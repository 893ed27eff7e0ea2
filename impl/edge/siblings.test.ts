import assert from 'node:assert/strict';
import { hkdfSync } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { afterEach, beforeEach, test } from 'node:test';

import { SIXTY_FOUR_T1 } from '../sip/transaction_table.ts';
import { LoopbackAgent, requestText } from '../testing/loopback_agent.ts';
import { LoopbackEdge, type Established } from '../testing/loopback_edge.ts';
import { SILENCE_MS } from './dialog.ts';
import type { Edge } from './edge.ts';
import { SiblingFrames } from './sibling_frame.ts';

let lab: LoopbackEdge;
let edges: readonly [Edge, Edge];
/** `home` gets the packets of the lab's caller, `away` those of `stray`. */
let home: Edge;
let away: Edge;
/** The same caller from another port: as if workers came or went and the kernel dealt it to another. */
let stray: LoopbackAgent;

beforeEach(async () => {
  lab = await LoopbackEdge.start({ worker: { innerPort: 0 } });
  edges = [lab.edge, await lab.startSibling()];
  lab.trustSources();
  home = await edgeOf(lab.caller);
  away = edges.find((edge) => edge !== home)!;
  for (;;) {
    stray = await LoopbackAgent.open();
    if ((await edgeOf(stray)) === away) break;
    await stray.close();
  }
});

afterEach(async () => {
  for (const { counters } of edges) assert.equal(counters.exceptions, 0);
  const stopping = edges.map((edge) => edge.stop());
  lab.clock.advance(60_000);
  await Promise.all([...stopping, lab.caller.close(), lab.callee.close(), stray.close()]);
});

/** The one of the two workers that gets the agent's packets. */
async function edgeOf(agent: LoopbackAgent): Promise<Edge> {
  const before = edges.map(({ counters }) => counters.received);
  agent.send(pingOf(agent.port), lab.edge.address.port);
  await agent.response(200);
  return edges.find(({ counters }, index) => counters.received > before[index]!)!;
}

function pingOf(port: number): string {
  return lab.requestText('OPTIONS').replace(/Via: .*?;/, `Via: SIP/2.0/UDP 127.0.0.1:${port};`);
}

/** The workers know each other; `dealtAnew`: workers came or went. */
function introduce(dealtAnew: boolean, ...more: readonly number[]): void {
  const ports = [...edges.map(({ innerPort }) => innerPort), ...more];
  for (const edge of edges) edge.siblingsAre(ports, dealtAnew);
}

function strays(text: string): void {
  stray.send(text, lab.edge.address.port);
}

/** Resolves when it holds: no agent sees the messages between the workers. */
async function until(holds: () => boolean): Promise<void> {
  const end = performance.now() + 3000;
  while (!holds()) {
    assert.ok(performance.now() < end, `in vain waited for ${String(holds)}`);
    await new Promise(setImmediate);
  }
}

/** An INVITE that has reached the callee and rings. */
async function ringing(): Promise<string> {
  const invite = lab.inviteText();
  lab.fromCaller(invite);
  lab.answer(await lab.callee.request('INVITE'), 180);
  await lab.caller.response(180);
  return invite;
}

function cancelOf(invite: string): string {
  const kept = invite.split('\r\n').filter((line) => /^(?:Via|From|To|Call-ID|Max-Forwards):/.test(line));
  return requestText(`CANCEL ${invite.split(' ')[1]} SIP/2.0`, [...kept, 'CSeq: 1 CANCEL']);
}

/** A UDP socket that hears a single port. */
class ConnectedSocket {
  readonly #socket = createSocket('udp4');

  static async open(port: number): Promise<ConnectedSocket> {
    const connected = new ConnectedSocket();
    connected.#socket.connect(port, '127.0.0.1');
    await once(connected.#socket, 'connect');
    return connected;
  }

  async answerTo(text: string): Promise<string> {
    this.#socket.send(text);
    const signal = AbortSignal.timeout(3000);
    const [answer]: Buffer[] = await once(this.#socket, 'message', { signal });
    return answer!.toString('latin1');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#socket.close();
    await once(this.#socket, 'close');
  }
}

const withoutRoute = (call: Established, method: string): string =>
  lab.inDialogText(call, method, { route: false });

test('an INVITE repeated to another worker is answered, but not delivered twice', async () => {
  introduce(true);
  const invite = await ringing();
  strays(invite);
  await lab.caller.response(180);
  await until(() => away.counters.passedOn === 1);
  assert.equal(home.counters.takenOver, 1);
  assert.deepEqual(lab.callee.unread, []);
});

test('while no worker went or came, nobody is asked', async () => {
  introduce(false);
  await ringing();
  strays(lab.inviteText({ callId: 'other' }));
  await lab.callee.request('INVITE');
  assert.equal(home.counters.asked + away.counters.asked, 0);
});

test('a CANCEL that comes to another worker ends the call, and its answer goes to its source', async () => {
  introduce(true);
  const invite = await ringing();
  strays(cancelOf(invite));
  await stray.response(200);
  const delivered = await lab.callee.request('CANCEL');
  lab.answer(delivered, 200);
  assert.deepEqual([away.counters.passedOn, home.counters.takenOver], [1, 1]);
});

test('the worker that takes a request over answers from the port that the request was sent to', async () => {
  introduce(true);
  const invite = await ringing();
  for (let draw = 0; home.counters.takenOver === 0; draw++) {
    assert.ok(draw < 64, 'the kernel dealt no packet to the other worker');
    const before = away.counters.asked;
    // A connected socket hears only its peer.
    await using connected = await ConnectedSocket.open(lab.edge.address.port);
    await connected.answerTo(pingOf(1));
    if (away.counters.asked === before) continue;
    assert.match(await connected.answerTo(cancelOf(invite)), /^SIP\/2\.0 200 OK\r\n[^]*CSeq: 1 CANCEL\r\n/);
  }
});

test('an ACK that comes to another worker acknowledges the refusal, which is then not repeated', async () => {
  introduce(true);
  lab.requirePassword();
  const invite = lab.inviteText();
  lab.fromCaller(invite);
  const refusal = await lab.caller.response(407);
  const kept = invite.split('\r\n').filter((line) => /^(?:Via|From|Call-ID):/.test(line));
  const fields = [...kept, `To: ${refusal.value('to')}`, 'CSeq: 1 ACK'];
  strays(requestText(`ACK ${invite.split(' ')[1]} SIP/2.0`, fields));
  await until(() => home.counters.takenOver === 1);
  lab.clock.advance(SIXTY_FOUR_T1);
  await edgeOf(lab.caller);
  assert.equal(home.counters.unacknowledged, 0);
  assert.equal(away.counters.strayAcks, 0);
});

test('a BYE repeated to another worker is answered, and not repeated to the callee', async () => {
  const call = await lab.established();
  introduce(true);
  const bye = lab.inDialogText(call, 'BYE');
  lab.fromCaller(bye);
  lab.answer(await lab.callee.request('BYE'), 200);
  await lab.caller.response(200);
  strays(bye);
  await lab.caller.response(200);
  assert.deepEqual(lab.callee.unread, []);
});

test('a request that no sibling knows is taken at once, without a wait', async () => {
  introduce(true);
  lab.fromCaller(lab.inviteText());
  await lab.callee.request('INVITE');
  assert.deepEqual([home.counters.asked, home.counters.passedOn], [1, 0]);
});

test('with a silent sibling, a request is taken when time is up, not before', async () => {
  await using silent = await LoopbackAgent.open();
  introduce(true, silent.port);
  lab.fromCaller(lab.inviteText());
  await silent.startLine();
  await until(() => home.counters.received > 0 && home.counters.asked === 1);
  assert.deepEqual(lab.callee.unread, []);
  lab.clock.advance(50);
  await lab.callee.request('INVITE');
});

test('a request without a route comes to the worker that remembers its dialog, as long as dialogs may last', async () => {
  const call = await lab.established();
  introduce(true);
  for (const ms of [0, SIXTY_FOUR_T1 + 1000]) {
    lab.clock.advance(ms);
    strays(withoutRoute(call, 'INFO').replace(/rport/, `rport;x=${ms}`));
    lab.answer(await lab.callee.request('INFO'), 200);
    await stray.response(200);
  }
  assert.deepEqual([away.counters.passedOn, home.counters.takenOver], [2, 2]);
  lab.clock.advance(SILENCE_MS + 1000);
  strays(withoutRoute(call, 'INFO'));
  await stray.response(481);
  assert.equal(away.counters.asked, 2);
});

test('when all older transactions have ended, siblings are not asked about requests outside dialogs', async () => {
  introduce(true);
  lab.clock.advance(SIXTY_FOUR_T1 + 1000);
  lab.fromCaller(lab.inviteText());
  await lab.callee.request('INVITE');
  const ack = lab.inDialogText(await lab.established('other'), 'ACK');
  strays(ack);
  await lab.callee.request('ACK');
  assert.equal(home.counters.asked + away.counters.asked, 0);
});

test('a BYE that another worker relays by its route ends the dialog at the worker that remembers it', async () => {
  const call = await lab.established();
  introduce(false);
  assert.equal(home.occupancy().dialogs, 1);
  strays(lab.inDialogText(call, 'BYE'));
  lab.answer(await lab.callee.request('BYE'), 200);
  await stray.response(200);
  lab.clock.advance(100);
  await until(() => home.occupancy().dialogs === 0);
  assert.equal(away.counters.asked, 0);
});

test('a frame under the key is accepted from the host’s own address alone', async () => {
  const call = await lab.established();
  introduce(false);
  const key = Buffer.from(hkdfSync('sha256', Buffer.alloc(32, 1), '', 'siblings', 32));
  const { from, to } = call.answer;
  const dialogKey = `${from.tag}|${to.tag}|${call.callId}`;
  for (const [address, dialogs] of [
    ['127.0.0.2', 1],
    ['127.0.0.1', 0],
  ] as const) {
    await using sender = await LoopbackAgent.open(address);
    const { received } = home.counters;
    sender.send(new SiblingFrames(key, sender.port, 1).ended([dialogKey]).octets, home.innerPort);
    await until(() => home.counters.received > received);
    assert.equal(home.occupancy().dialogs, dialogs, address);
  }
});

test('forged frames are dropped, and SIP on the same port is served', async () => {
  introduce(true);
  for (const length of [1, 2, 26, 600]) stray.send(Buffer.alloc(length, 0xff), home.innerPort);
  stray.send(Buffer.from([0xff, 0, ...new Uint8Array(100)]), home.innerPort);
  stray.send(pingOf(stray.port), home.innerPort);
  await stray.response(200);
  assert.equal(home.counters.dropped, 5);
});

test('a dialog that has ended at one worker has ended at the others: its route opens none of them', async () => {
  const call = await lab.established();
  introduce(false);
  lab.fromCaller(lab.inDialogText(call, 'BYE'));
  lab.answer(await lab.callee.request('BYE'), 200);
  await lab.caller.response(200);
  const { received } = away.counters;
  lab.clock.advance(100);
  await until(() => away.counters.received > received);
  for (const method of ['INVITE', 'INFO', 'MESSAGE']) {
    strays(lab.inDialogText(call, method));
    await stray.response(481);
  }
  assert.deepEqual(lab.callee.unread, []);
});
