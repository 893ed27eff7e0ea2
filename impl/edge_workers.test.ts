import assert from 'node:assert/strict';
import { EventEmitter, once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, before, beforeEach, test } from 'node:test';

import type { LogEntry } from './api/log.ts';
import { readConfig, type Config } from './config.ts';
import { LoopbackAgent, answerText, proxyAuthorization, requestText } from './edge/loopback_agent.ts';
import { startEdgeWorkers, type EdgeWorkers } from './edge_workers.ts';
import type { SipRequest, SipResponse } from './sip/message.ts';
import { openSqliteStore } from './store/sqlite_store.ts';
import type { Store } from './store/store.ts';
import { credentialOf, type VoiceApplication } from './store/voice_application.ts';

const DOMAIN = 'sip-uri.voice-api.example';
const PASSWORD = 'correct horse';
const OPEN = '15f99d57-f823-4718-80cc-5d95d5b83e59';
const LOCKED = '479fbd44-3362-45f3-bb80-284f21111be4';
const LOOPBACK = { network: 0x7f000000, mask: 0xff000000 };

/** A call that was answered and acknowledged, and the worker that has it by its inner port. */
interface Call {
  readonly caller: LoopbackAgent;
  readonly delivered: SipRequest;
  readonly answer: SipResponse;
  readonly worker: number;
}

let directory: string;
let store: Store;
let config: Config;
let callee: LoopbackAgent;
let workers: EdgeWorkers;
let callers: LoopbackAgent[] = [];
let ids = 0;
const logged = new EventEmitter<Record<string, [LogEntry]>>();

function application(applicationId: string, locked: boolean): VoiceApplication {
  const uriUser = `${applicationId}-uri`;
  return {
    applicationId,
    accountId: 'account',
    profile: {
      applicationName: 'Workers',
      callInitiatedCallbackUrl: 'https://app.example/initiate',
      callInitiatedMethod: 'POST',
      callInitiatedFallbackUrl: null,
      callInitiatedFallbackMethod: 'POST',
      callInitiatedFallbackCreds: null,
      callStatusCallbackUrl: null,
      callStatusMethod: 'POST',
      callbackCreds: null,
      callbackTimeout: 15,
    },
    inbound: {
      uriUser,
      credential: locked ? credentialOf(applicationId, uriUser, DOMAIN, PASSWORD) : null,
      allowedSources: locked ? [] : [LOOPBACK],
      allowedRegions: [],
    },
  };
}

before(async () => {
  directory = mkdtempSync(join(tmpdir(), 'workers-'));
  const database = join(directory, 'voice.db');
  store = await openSqliteStore(database, () => Date.now());
  await store.clients.put({ clientId: 'client', accountId: 'account', secretHash: 'hash' });
  await store.applications.create(application(OPEN, false));
  await store.applications.create(application(LOCKED, true));
  callee = await LoopbackAgent.open();
  const read = readConfig({
    VOICE_EDGE_SIP_PORT: '0',
    VOICE_EDGE_NEXT_HOP_PORT: String(callee.port),
    VOICE_EDGE_DATABASE: database,
    VOICE_EDGE_WORKERS: '2',
    VOICE_EDGE_DRAIN_SECONDS: '0',
  });
  assert.ok(!('problems' in read));
  config = read;
});

after(async () => {
  await callee.close();
  await store.close();
  rmSync(directory, { recursive: true });
});

beforeEach(async () => {
  workers = await startEdgeWorkers(config, 2, (entry) => logged.emit(entry.event, entry));
});

afterEach(async () => {
  await workers.stop();
  await Promise.all(callers.map((caller) => caller.close()));
  callers = [];
});

async function newCaller(): Promise<LoopbackAgent> {
  const caller = await LoopbackAgent.open();
  callers.push(caller);
  return caller;
}

function inviteOf(caller: LoopbackAgent, user: string, extra: readonly string[] = []): string {
  return requestText(`INVITE sip:${user}@${DOMAIN} SIP/2.0`, [
    `Via: SIP/2.0/UDP 127.0.0.1:${caller.port};branch=z9hG4bK-${ids};rport`,
    'Max-Forwards: 70',
    'From: <sip:caller@customer.example>;tag=caller',
    `To: <sip:${user}@${DOMAIN}>`,
    `Call-ID: call-${ids++}`,
    'CSeq: 1 INVITE',
    `Contact: <sip:caller@127.0.0.1:${caller.port}>`,
    ...extra,
  ]);
}

async function callOf(caller: LoopbackAgent): Promise<Call> {
  caller.send(inviteOf(caller, OPEN), workers.address.port);
  const delivered = await callee.request('INVITE');
  const contact = `Contact: <sip:callee@127.0.0.1:${callee.port}>`;
  callee.send(answerText(delivered, 200, [contact]), delivered.via.port!);
  const answer = await caller.response(200);
  const worker = Number(/:(\d+);lr>/.exec(delivered.value('record-route')!)![1]);
  const call = { caller, delivered, answer, worker };
  caller.send(ofCaller(call, 'ACK'), workers.address.port);
  await callee.request('ACK');
  return call;
}

/** One call at each of the two workers: the kernel chooses by the caller's port. */
async function callsAtBoth(): Promise<readonly [Call, Call]> {
  const first = await callOf(await newCaller());
  for (;;) {
    const other = await callOf(await newCaller());
    if (other.worker !== first.worker) return [first, other];
  }
}

function ofCaller({ caller, delivered, answer }: Call, method: string): string {
  return requestText(`${method} ${answer.contact!.uriText} SIP/2.0`, [
    `Via: SIP/2.0/UDP 127.0.0.1:${caller.port};branch=z9hG4bK-${ids++};rport`,
    `Route: ${answer.value('record-route')}`,
    `From: ${delivered.value('from')}`,
    `To: ${answer.value('to')}`,
    `Call-ID: ${delivered.callId}`,
    `CSeq: ${method === 'ACK' ? 1 : 2} ${method}`,
  ]);
}

function ofCallee({ caller, delivered, answer }: Call, method: string): string {
  return requestText(`${method} sip:caller@127.0.0.1:${caller.port} SIP/2.0`, [
    `Via: SIP/2.0/UDP 127.0.0.1:${callee.port};branch=z9hG4bK-${ids++}`,
    `Route: ${delivered.value('record-route')}`,
    `From: ${answer.value('to')}`,
    `To: ${delivered.value('from')}`,
    `Call-ID: ${delivered.callId}`,
    `CSeq: 1 ${method}`,
  ]);
}

/** A callee's BYE, sent along the route the callee was given. */
async function byeOfCallee(call: Call): Promise<void> {
  const { caller, worker } = call;
  callee.send(ofCallee(call, 'BYE'), worker);
  const received = await caller.request('BYE');
  caller.send(answerText(received, 200), received.via.port!);
  await callee.response(200);
}

async function byeOfCaller(call: Call): Promise<void> {
  call.caller.send(ofCaller(call, 'BYE'), workers.address.port);
  const bye = await callee.request('BYE');
  callee.send(answerText(bye, 200), bye.via.port!);
  await call.caller.response(200);
}

test('two workers share the address, and each is reached by its own route', async () => {
  const [one, other] = await callsAtBoth();
  for (const call of [one, other]) await byeOfCallee(call);
  assert.deepEqual(
    new Set(workers.places.map(({ innerPort }) => innerPort)),
    new Set([one.worker, other.worker]),
  );
});

test('a change in the store holds for the next call at every worker', async () => {
  const [one, other] = await callsAtBoth();
  const switchTo = async (inbound: VoiceApplication['inbound']): Promise<void> =>
    void (await store.applications.update('account', OPEN, (current) => ({ next: { ...current, inbound } })));
  await switchTo(null);
  for (const { caller } of [one, other]) {
    caller.send(inviteOf(caller, OPEN), workers.address.port);
    await caller.response(401);
  }
  await switchTo(application(OPEN, false).inbound);
});

test('sip.auth.nonce-replay: a nonce-count that one worker took is refused by the other', async () => {
  const [one, other] = await callsAtBoth();
  one.caller.send(inviteOf(one.caller, LOCKED), workers.address.port);
  const challenge = await one.caller.response(407);
  const answerer = { username: LOCKED, password: PASSWORD, uri: `sip:${DOMAIN}` };
  const extra = [proxyAuthorization(challenge, answerer)];
  one.caller.send(inviteOf(one.caller, LOCKED, extra), workers.address.port);
  const delivered = await callee.request('INVITE');
  callee.send(answerText(delivered, 486), delivered.via.port!);
  await callee.request('ACK');
  other.caller.send(inviteOf(other.caller, LOCKED, extra), workers.address.port);
  const again = await other.caller.response(407);
  assert.match(again.value('proxy-authenticate')!, /stale=true/);
});

test('a response that comes to another worker than its request left from finds its transaction', async () => {
  const [one, other] = await callsAtBoth();
  callee.send(ofCallee(one, 'BYE'), one.worker);
  const received = await one.caller.request('BYE');
  other.caller.send(answerText(received, 200), received.via.port!);
  await callee.response(200);
});

test('a worker that is killed is replaced, and loses no dialog', async () => {
  const [one, other] = await callsAtBoth();
  const second = await callOf(one.caller);
  const replaced = once(logged, 'edge.worker-replaced');
  const { pid } = workers.places.find(({ innerPort }) => innerPort === one.worker)!;
  process.kill(pid!, 'SIGKILL');
  await byeOfCaller(other);
  await replaced;
  await byeOfCallee(one);
  await byeOfCaller(second);
  const [third, fourth] = await callsAtBoth();
  assert.notEqual(third.worker, fourth.worker);
  assert.notEqual(workers.places.find(({ innerPort }) => innerPort === one.worker)?.pid, pid);
});

test('a taken port is named, and nothing is left running', async () => {
  const failing = startEdgeWorkers({ ...config, sip: { ...config.sip, port: callee.port } }, 2, () => {});
  await assert.rejects(failing, new RegExp(`^EdgeError: 127\\.0\\.0\\.1:${callee.port}/udp is taken`));
});
