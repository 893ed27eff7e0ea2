import { EventEmitter, once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { readConfig, type Config } from '../config/config.ts';
import type { LogEntry } from '../observe/log.ts';
import type { SipRequest, SipResponse } from '../sip/message.ts';
import { credentialOf, type VoiceApplication } from '../store/model/voice_application.ts';
import { openSqliteStore } from '../store/sqlite/sqlite_store.ts';
import type { Store } from '../store/store.ts';
import { startEdgeWorkers, type EdgeWorkers } from '../workers/edge_workers.ts';
import { LoopbackAgent, answerText, requestText } from './loopback_agent.ts';
import { plainProfile } from './plain_profile.ts';

/** The SIP domain of the edge, and its digest realm. */
export const DOMAIN = 'sip-uri.voice-api.example';
/** The SIP password of LOCKED. */
export const PASSWORD = 'correct horse';
/** An application that lets calls in by source. */
export const OPEN = '15f99d57-f823-4718-80cc-5d95d5b83e59';
/** An application that asks for the password. */
export const LOCKED = '479fbd44-3362-45f3-bb80-284f21111be4';
/** Who changes the applications. */
export const BY = { clientId: 'client-of-tests', requestId: 'request', sourceAddress: '203.0.113.9' };
const LOOPBACK = { network: 0x7f000000, mask: 0xff000000 };

/** A caller, by UDP or TCP. */
interface Caller {
  readonly port: number;
}

/** A call as both sides know it after a 2xx, and the inner port of its worker. */
export interface Call<From extends Caller = LoopbackAgent> {
  readonly caller: From;
  readonly delivered: SipRequest;
  readonly answer: SipResponse;
  readonly worker: number;
}

/** A worker starts in under a second, on a busy machine in several seconds. */
const START_MS = 20_000;

/** Worker processes on loopback between callers and a callee, and the store they share. */
export class LoopbackWorkers {
  readonly #logged = new EventEmitter<Record<string, [LogEntry]>>();
  readonly callee: LoopbackAgent;
  readonly store: Store;
  readonly config: Config;
  readonly #directory: string;
  #running: EdgeWorkers | undefined;
  #callers: LoopbackAgent[] = [];
  #ids = 0;

  private constructor(parts: Pick<LoopbackWorkers, 'callee' | 'store' | 'config'>, directory: string) {
    this.callee = parts.callee;
    this.store = parts.store;
    this.config = parts.config;
    this.#directory = directory;
  }

  /** Sets up everything but the workers. */
  static async open(): Promise<LoopbackWorkers> {
    const directory = mkdtempSync(join(tmpdir(), 'workers-'));
    const database = join(directory, 'voice.db');
    const store = await openSqliteStore(database, () => Date.now());
    await store.clients.create(
      { clientId: 'client', accountId: 'account' },
      { secretId: 'client-1', secretHash: 'hash' },
    );
    await store.applications.create(application(OPEN, false), BY);
    await store.applications.create(application(LOCKED, true), BY);
    const callee = await LoopbackAgent.open();
    const config = readConfig({
      VOICE_EDGE_SIP_PORT: '0',
      VOICE_EDGE_PLATFORM_PORT: String(callee.port),
      VOICE_EDGE_DATABASE: database,
      VOICE_EDGE_DRAIN_SECONDS: '0',
    });
    if ('problems' in config) throw new Error(config.problems.join('\n'));
    return new LoopbackWorkers({ callee, store, config }, directory);
  }

  async close(): Promise<void> {
    await this.callee.close();
    await this.store.close();
    rmSync(this.#directory, { recursive: true });
  }

  async start(count: number, sip: Partial<Config['sip']> = {}): Promise<void> {
    const config = { ...this.config, sip: { ...this.config.sip, ...sip } };
    this.#running = await startEdgeWorkers(config, count, (entry) => this.#logged.emit(entry.event, entry));
  }

  async stop(): Promise<void> {
    await this.#running?.stop();
    this.#running = undefined;
    await Promise.all(this.#callers.map((caller) => caller.close()));
    this.#callers = [];
  }

  get running(): EdgeWorkers {
    if (this.#running === undefined) throw new Error('no workers were started');
    return this.#running;
  }

  /** Where callers reach the workers. */
  get port(): number {
    return this.running.address.port;
  }

  /** Kills the worker of that inner port, as the kernel does when memory runs out. */
  kill(worker: number): void {
    const place = this.running.places.find(({ innerPort }) => innerPort === worker);
    process.kill(place!.pid!, 'SIGKILL');
  }

  /** Resolves when that event is logged next; rejects if it is not logged in time. */
  async logs(event: 'edge.worker-replaced' | 'edge.worker-failed'): Promise<void> {
    await once(this.#logged, event, { signal: AbortSignal.timeout(START_MS) });
  }

  /** The sum of a figure over all workers. */
  async figure(name: string): Promise<number> {
    const samples = await this.running.samples();
    return samples.filter((sample) => sample.name === name).reduce((sum, { value }) => sum + value, 0);
  }

  async newCaller(): Promise<LoopbackAgent> {
    const caller = await LoopbackAgent.open();
    this.#callers.push(caller);
    return caller;
  }

  inviteOf({ port }: Caller, user = OPEN, extra: readonly string[] = []): string {
    return requestText(`INVITE sip:${user}@${DOMAIN} SIP/2.0`, [
      `Via: SIP/2.0/UDP 127.0.0.1:${port};branch=z9hG4bK-${this.#ids};rport`,
      'Max-Forwards: 70',
      'From: <sip:caller@customer.example>;tag=caller',
      `To: <sip:${user}@${DOMAIN}>`,
      `Call-ID: call-${this.#ids++}`,
      'CSeq: 1 INVITE',
      `Contact: <sip:caller@127.0.0.1:${port}>`,
      ...extra,
    ]);
  }

  /** A call up to its ACK. */
  async callOf(caller: LoopbackAgent): Promise<Call> {
    caller.send(this.inviteOf(caller), this.port);
    const delivered = await this.callee.request('INVITE');
    this.accept(delivered);
    const answer = await caller.response(200);
    const call = { caller, delivered, answer, worker: workerOf(delivered) };
    caller.send(this.ofCaller(call, 'ACK'), this.port);
    await this.callee.request('ACK');
    return call;
  }

  /** The callee's 200. */
  accept(invite: SipRequest): void {
    this.callee.send(
      answerText(invite, 200, [`Contact: <sip:callee@127.0.0.1:${this.callee.port}>`]),
      invite.via.port!,
    );
  }

  /** One call at each of two workers. The kernel chooses the worker by the caller's port. */
  async callsAtBoth(): Promise<readonly [Call, Call]> {
    const first = await this.callOf(await this.newCaller());
    for (;;) {
      const other = await this.callOf(await this.newCaller());
      if (other.worker !== first.worker) return [first, other];
    }
  }

  ofCaller({ caller, delivered, answer }: Call<Caller>, method: string, cseq = 2): string {
    return requestText(`${method} ${answer.contact!.uriText} SIP/2.0`, [
      `Via: SIP/2.0/UDP 127.0.0.1:${caller.port};branch=z9hG4bK-${this.#ids++};rport`,
      `Route: ${answer.value('record-route')}`,
      `From: ${delivered.value('from')}`,
      `To: ${answer.value('to')}`,
      `Call-ID: ${delivered.callId}`,
      `CSeq: ${method === 'ACK' ? 1 : cseq} ${method}`,
    ]);
  }

  ofCallee({ caller, delivered, answer }: Call<Caller>, method: string): string {
    return requestText(`${method} sip:caller@127.0.0.1:${caller.port} SIP/2.0`, [
      `Via: SIP/2.0/UDP 127.0.0.1:${this.callee.port};branch=z9hG4bK-${this.#ids++}`,
      `Route: ${delivered.value('record-route')}`,
      `From: ${answer.value('to')}`,
      `To: ${delivered.value('from')}`,
      `Call-ID: ${delivered.callId}`,
      `CSeq: 1 ${method}`,
    ]);
  }

  /** A callee's BYE, sent along the route the callee was given. */
  async byeOfCallee(call: Call): Promise<void> {
    const { caller, worker } = call;
    this.callee.send(this.ofCallee(call, 'BYE'), worker);
    const received = await caller.request('BYE');
    caller.send(answerText(received, 200), received.via.port!);
    await this.callee.response(200);
  }

  async byeOfCaller(call: Call): Promise<void> {
    call.caller.send(this.ofCaller(call, 'BYE'), this.port);
    const bye = await this.callee.request('BYE');
    this.callee.send(answerText(bye, 200), bye.via.port!);
    await call.caller.response(200);
  }
}

/** The inner port of the worker that delivered the request. */
export function workerOf(delivered: SipRequest): number {
  return Number(/:(\d+);lr>/.exec(delivered.value('record-route')!)![1]);
}

/** One of the two applications. */
export function application(applicationId: string, locked: boolean): VoiceApplication {
  const uriUser = `${applicationId}-uri`;
  return {
    applicationId,
    accountId: 'account',
    profile: plainProfile('Workers'),
    inbound: {
      uriUser,
      credential: locked ? credentialOf(applicationId, uriUser, DOMAIN, PASSWORD) : null,
      allowedSources: locked ? [] : [LOOPBACK],
      allowedRegions: [],
    },
  };
}
