import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, test } from 'node:test';

import type { VoiceApplication } from '../store/model/voice_application.ts';
import { LoopbackAgent, answerText, proxyAuthorization } from '../testing/loopback_agent.ts';
import {
  BY,
  DOMAIN,
  LOCKED,
  LoopbackWorkers,
  OPEN,
  PASSWORD,
  application,
} from '../testing/loopback_workers.ts';
import { startEdgeWorkers } from './edge_workers.ts';
import { isFree } from './inner_ports.ts';

let lab: LoopbackWorkers;

before(async () => {
  lab = await LoopbackWorkers.open();
});

after(() => lab.close());

beforeEach(() => lab.start(2));

afterEach(() => lab.stop());

test('two workers share the address, and each is reached by its own route', async () => {
  const [one, other] = await lab.callsAtBoth();
  for (const call of [one, other]) await lab.byeOfCallee(call);
  assert.deepEqual(
    new Set(lab.running.places.map(({ innerPort }) => innerPort)),
    new Set([one.worker, other.worker]),
  );
});

test('a change in the store applies to the next call at every worker', async () => {
  const [one, other] = await lab.callsAtBoth();
  const switchTo = async (inbound: VoiceApplication['inbound']): Promise<void> =>
    void (await lab.store.applications.update(
      'account',
      OPEN,
      (current) => ({ next: { ...current, inbound } }),
      BY,
    ));
  await switchTo(null);
  for (const { caller } of [one, other]) {
    caller.send(lab.inviteOf(caller), lab.port);
    await caller.response(401);
  }
  await switchTo(application(OPEN, false).inbound);
});

test('sip.auth.nonce-replay: a nonce-count that one worker accepted is refused by the other', async () => {
  const [one, other] = await lab.callsAtBoth();
  one.caller.send(lab.inviteOf(one.caller, LOCKED), lab.port);
  const challenge = await one.caller.response(407);
  const answerer = { username: LOCKED, password: PASSWORD, uri: `sip:${DOMAIN}` };
  const extra = [proxyAuthorization(challenge, answerer)];
  one.caller.send(lab.inviteOf(one.caller, LOCKED, extra), lab.port);
  const delivered = await lab.callee.request('INVITE');
  lab.callee.send(answerText(delivered, 486), delivered.via.port!);
  await lab.callee.request('ACK');
  other.caller.send(lab.inviteOf(other.caller, LOCKED, extra), lab.port);
  const again = await other.caller.response(407);
  assert.match(again.value('proxy-authenticate')!, /stale=true/);
});

test('a response finds its transaction, even if another worker gets it', async () => {
  const [one, other] = await lab.callsAtBoth();
  lab.callee.send(lab.ofCallee(one, 'BYE'), one.worker);
  const received = await one.caller.request('BYE');
  other.caller.send(answerText(received, 200), received.via.port!);
  await lab.callee.response(200);
});

test('a worker that is killed is replaced, and loses no dialog', async () => {
  const [one, other] = await lab.callsAtBoth();
  const second = await lab.callOf(one.caller);
  const replaced = lab.logs('edge.worker-replaced');
  const { pid } = lab.running.places.find(({ innerPort }) => innerPort === one.worker)!;
  lab.kill(one.worker);
  await lab.byeOfCaller(other);
  await replaced;
  await lab.byeOfCallee(one);
  await lab.byeOfCaller(second);
  const [third, fourth] = await lab.callsAtBoth();
  assert.notEqual(third.worker, fourth.worker);
  assert.notEqual(lab.running.places.find(({ innerPort }) => innerPort === one.worker)?.pid, pid);
});

test('after all workers restart, a callee’s request still finds one by the port in its route', async () => {
  await lab.stop();
  const port = await freePorts(3);
  await lab.start(2, { port });
  assert.deepEqual(
    lab.running.places.map(({ innerPort }) => innerPort),
    [port + 1, port + 2],
  );
  await using caller = await LoopbackAgent.open();
  const call = await lab.callOf(caller);
  await lab.stop();
  await lab.start(2, { port });
  await lab.byeOfCallee(call);
});

test('a taken port is named, and nothing is left running', async () => {
  const taken = { ...lab.config, sip: { ...lab.config.sip, port: lab.callee.port } };
  const failing = startEdgeWorkers(taken, 2, () => {});
  await assert.rejects(failing, new RegExp(`^EdgeError: 127\\.0\\.0\\.1:${lab.callee.port}/udp is taken`));
});

/** The first of so many free ports in a row, below those the kernel gives to other programs. */
async function freePorts(count: number): Promise<number> {
  for (let first = 20_000; ; first += count) {
    const ports = Array.from({ length: count }, (_, index) => first + index);
    const free = await Promise.all(ports.map((port) => isFree('127.0.0.1', port)));
    if (!free.includes(false)) return first;
  }
}
