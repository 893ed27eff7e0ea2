import assert from 'node:assert/strict';
import { createSocket } from 'node:dgram';
import { after, afterEach, before, beforeEach, test } from 'node:test';

import type { SipRequest } from '../sip/message.ts';
import { answerText, requestText, type LoopbackAgent } from '../testing/loopback_agent.ts';
import { LoopbackWorkers, workerOf, type Call } from '../testing/loopback_workers.ts';

/** Three workers, of which the first is lost: the kernel then deals a third or more of the others' callers wrongly. */
const CALLERS = 24;

/** A call that rings. */
interface Ringing {
  readonly caller: LoopbackAgent;
  readonly invite: string;
  readonly delivered: SipRequest;
  readonly worker: number;
}

let lab: LoopbackWorkers;

before(async () => {
  lab = await LoopbackWorkers.open();
});

after(() => lab.close());

beforeEach(() => lab.start(3));

afterEach(() => lab.stop());

const firstWorker = (): number => lab.running.places[0]!.innerPort;

async function ringing(): Promise<Ringing> {
  const caller = await lab.newCaller();
  const invite = lab.inviteOf(caller);
  caller.send(invite, lab.port);
  const delivered = await lab.callee.request('INVITE');
  lab.callee.send(answerText(delivered, 180), delivered.via.port!);
  await caller.response(180);
  return { caller, invite, delivered, worker: workerOf(delivered) };
}

/** Ringing calls at the workers that stay. */
async function ringingAtTheOthers(): Promise<Ringing[]> {
  const calls: Ringing[] = [];
  while (calls.length < CALLERS) {
    const call = await ringing();
    if (call.worker !== firstWorker()) calls.push(call);
  }
  return calls;
}

/** A request with the branch of the INVITE. */
function inBranch({ invite }: Ringing, method: 'CANCEL' | 'ACK', toTag = ''): string {
  const kept = invite.split('\r\n').filter((line) => /^(?:Via|From|To|Call-ID|Max-Forwards):/.test(line));
  const fields = kept.map((line) => (line.startsWith('To:') ? line + toTag : line));
  return requestText(`${method} ${invite.split(' ')[1]} SIP/2.0`, [...fields, `CSeq: 1 ${method}`]);
}

/** Its INVITE is repeated, then cancelled: neither may be taken for a new request. */
async function repeatAndCancel(call: Ringing): Promise<void> {
  const { caller, invite } = call;
  caller.send(invite, lab.port);
  await caller.response(180);
  caller.send(inBranch(call, 'CANCEL'), lab.port);
  await caller.response(200);
  const cancel = await lab.callee.request('CANCEL');
  lab.callee.send(answerText(cancel, 200), cancel.via.port!);
  lab.callee.send(answerText(call.delivered, 487), call.delivered.via.port!);
  const refusal = await caller.response(487);
  await lab.callee.request('ACK');
  caller.send(inBranch(call, 'ACK', `;tag=${refusal.to.tag}`), lab.port);
}

const asked = (): Promise<number> => lab.figure('voice_edge_asked_total');
const passedOn = (): Promise<number> => lab.figure('voice_edge_passed_on_total');
const takenOver = (): Promise<number> => lab.figure('voice_edge_taken_over_total');

/**
 * Proves that some callers were dealt to a worker that does not have their call. Of each of them `requestsEach`
 * requests were passed on, and `takenEach` taken over, ACKs included.
 */
async function assertSomeLandedWrong(requestsEach: number, takenEach: number): Promise<void> {
  const passed = await passedOn();
  assert.ok(passed > 0, 'no caller was dealt to another worker');
  const callers = passed / requestsEach;
  const end = performance.now() + 3000;
  // Only the count shows that an ACK has arrived.
  while ((await takenOver()) < callers * takenEach && performance.now() < end);
  assert.equal(await takenOver(), callers * takenEach);
}

test('a lost worker’s siblings keep their open calls, wherever the kernel deals packets after its replacement', async () => {
  const calls = await ringingAtTheOthers();
  assert.equal(await asked(), 0);
  const replaced = lab.logs('edge.worker-replaced');
  lab.kill(firstWorker());
  await replaced;
  for (const call of calls) await repeatAndCancel(call);
  await assertSomeLandedWrong(2, 3);
  assert.deepEqual(lab.callee.unread, []);
});

test('workers that start anew one after the other keep established calls, and none is lost', async () => {
  const calls = await lab.callsAtBoth();
  await lab.running.startAnew();
  assert.equal(await lab.figure('voice_edge_workers'), 3);
  assert.equal(await lab.figure('voice_edge_workers_lost_total'), 0);
  const [first, second] = calls;
  await lab.byeOfCaller(first);
  await lab.byeOfCallee(second);
  assert.deepEqual(lab.callee.unread, []);
});

test('they keep them too while the lost worker’s place is empty', async () => {
  const calls = await ringingAtTheOthers();
  const failed = lab.logs('edge.worker-failed');
  lab.kill(firstWorker());
  const squatter = await squatterOn(firstWorker());
  await failed;
  for (const call of calls) await repeatAndCancel(call);
  await assertSomeLandedWrong(2, 3);
  assert.deepEqual(lab.callee.unread, []);
  const replaced = lab.logs('edge.worker-replaced');
  squatter.close();
  await replaced;
});

test('a BYE repeated after the loss is answered, and not repeated to the callee', async () => {
  const open: { readonly call: Call; readonly bye: string; readonly delivered: SipRequest }[] = [];
  while (open.length < CALLERS) {
    const call = await lab.callOf(await lab.newCaller());
    if (call.worker === firstWorker()) continue;
    const bye = lab.ofCaller(call, 'BYE');
    call.caller.send(bye, lab.port);
    open.push({ call, bye, delivered: await lab.callee.request('BYE') });
  }
  for (const { call, delivered } of open) {
    lab.callee.send(answerText(delivered, 200), delivered.via.port!);
    await call.caller.response(200);
  }
  const replaced = lab.logs('edge.worker-replaced');
  lab.kill(firstWorker());
  await replaced;
  for (const { call, bye } of open) {
    call.caller.send(bye, lab.port);
    await call.caller.response(200);
  }
  await assertSomeLandedWrong(1, 1);
  assert.deepEqual(lab.callee.unread, []);
});

test('open dialogs of the others end at the worker that remembers them, and leave nothing in memory', async () => {
  const calls: Call[] = [];
  while (calls.length < CALLERS) {
    const call = await lab.callOf(await lab.newCaller());
    if (call.worker !== firstWorker()) calls.push(call);
    else await lab.byeOfCaller(call);
  }
  const replaced = lab.logs('edge.worker-replaced');
  lab.kill(firstWorker());
  await replaced;
  assert.equal(await lab.figure('voice_edge_dialogs'), CALLERS);
  for (const call of calls) await lab.byeOfCaller(call);
  await assertSomeLandedWrong(1, 1);
  assert.equal(await lab.figure('voice_edge_dialogs'), 0);
});

/** Takes the port as soon as it is free, so that the replacement cannot start. */
async function squatterOn(port: number): Promise<ReturnType<typeof createSocket>> {
  for (;;) {
    const socket = createSocket('udp4');
    const { promise, resolve } = Promise.withResolvers<boolean>();
    socket.once('error', () => resolve(false)).bind(port, '127.0.0.1', () => resolve(true));
    if (await promise) return socket;
    socket.close();
  }
}
