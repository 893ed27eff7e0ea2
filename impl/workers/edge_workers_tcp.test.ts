import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, test } from 'node:test';

import { answerText } from '../testing/loopback_agent.ts';
import { LoopbackWorkers, workerOf, type Call } from '../testing/loopback_workers.ts';
import { TcpAgent } from '../testing/tcp_agent.ts';

let lab: LoopbackWorkers;
let callers: TcpAgent[] = [];

before(async () => {
  lab = await LoopbackWorkers.open();
});

after(() => lab.close());

beforeEach(() => lab.start(2));

afterEach(async () => {
  await Promise.all(callers.map((caller) => caller[Symbol.asyncDispose]()));
  callers = [];
  await lab.stop();
});

const overTcp = (text: string): string =>
  text
    .replace('Via: SIP/2.0/UDP', 'Via: SIP/2.0/TCP')
    .replace(/Contact: <([^>]*)>/, 'Contact: <$1;transport=tcp>');

async function newCaller(): Promise<TcpAgent> {
  const caller = await TcpAgent.connect(lab.port);
  callers.push(caller);
  return caller;
}

/** A call up to its ACK, over the caller's connection. */
async function callOf(caller: TcpAgent): Promise<Call<TcpAgent>> {
  caller.send(overTcp(lab.inviteOf(caller)));
  const delivered = await lab.callee.request('INVITE');
  lab.accept(delivered);
  const answer = await caller.response(200);
  const call = { caller, delivered, answer, worker: workerOf(delivered) };
  caller.send(overTcp(lab.ofCaller(call, 'ACK')));
  await lab.callee.request('ACK');
  return call;
}

/** One call at each worker, each over its own connection. */
async function callsAtBoth(): Promise<readonly [Call<TcpAgent>, Call<TcpAgent>]> {
  const first = await callOf(await newCaller());
  for (;;) {
    const other = await callOf(await newCaller());
    if (other.worker !== first.worker) return [first, other];
  }
}

/** A request of the caller's, over its connection, and the callee's 200. */
async function fromCaller(call: Call<TcpAgent>, method: string, { caller } = call): Promise<void> {
  caller.send(overTcp(lab.ofCaller({ ...call, caller }, method)));
  const received = await lab.callee.request(method);
  lab.callee.send(answerText(received, 200), received.via.port!);
  await caller.response(200);
}

/** A request of the callee's, along its route, and the caller's 200 over its connection. */
async function fromCallee(call: Call<TcpAgent>, method: string): Promise<void> {
  lab.callee.send(lab.ofCallee(call, method), call.worker);
  const received = await call.caller.request(method);
  call.caller.send(answerText(received, 200));
  await lab.callee.response(200);
}

const connections = (): Promise<number> => lab.figure('voice_edge_tcp_connections');
const dialogs = (): Promise<number> => lab.figure('voice_edge_dialogs');

test('sip.tcp: a call over TCP goes on over its connection while another worker dies and is replaced', async () => {
  const [one, other] = await callsAtBoth();
  const replaced = lab.logs('edge.worker-replaced');
  lab.kill(other.worker);
  await fromCallee(one, 'INFO');
  await fromCaller(one, 'INFO');
  await replaced;
  await fromCallee(one, 'INFO');
  await fromCaller(one, 'INFO');
  const second = await callOf(one.caller);
  assert.equal(second.worker, one.worker);
  await fromCallee(second, 'BYE');
  await fromCaller(one, 'BYE');
});

test('sip.tcp: requests both ways use the open connection, and open no other', async () => {
  const calls = await callsAtBoth();
  const open = await connections();
  for (const call of calls) {
    await fromCallee(call, 'INFO');
    await fromCaller(call, 'BYE');
  }
  assert.equal(await connections(), open);
  assert.equal(open, callers.length);
});

test('sip.tcp: after its worker has died, the route lets a caller’s new connection serve the old dialog', async () => {
  const [one] = await callsAtBoth();
  const replaced = lab.logs('edge.worker-replaced');
  lab.kill(one.worker);
  await replaced;
  await fromCaller(one, 'BYE', { ...one, caller: await newCaller() });
});

test('sip.tcp: a BYE over another worker’s connection leaves no dialog behind at the first', async () => {
  const [one, other] = await callsAtBoth();
  const remembered = await dialogs();
  // The caller has lost its connection; the kernel gave its new one to the other worker.
  await fromCaller(one, 'BYE', { ...one, caller: other.caller });
  const end = performance.now() + 3000;
  while ((await dialogs()) >= remembered && performance.now() < end);
  assert.equal(await dialogs(), remembered - 1);
});
