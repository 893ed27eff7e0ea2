import { When } from '@cucumber/cucumber';

import type { Endpoint } from '../../harness/capture/endpoint.ts';
import type { WireMessage } from '../../harness/capture/sip_messages.ts';
import type { Randomness } from '../../harness/randomness.ts';
import { CalledSide } from '../../harness/traffic/called_side.ts';
import { listedValues, uriIn } from '../../harness/traffic/listed_values.ts';
import {
  RawCall,
  responseTo,
  type CallingParty,
  type RawCallOptions,
} from '../../harness/traffic/raw_call.ts';
import { linesOf, written, type RawLines } from '../../harness/traffic/raw_request.ts';
import { BrokenPrecondition, HarnessError, RuleViolation } from '../../harness/verdict.ts';
import { isCallOf } from '../hard/calls.ts';
import { knockLines, nonceFor } from '../hard/knock.ts';
import type { ConformanceWorld } from '../world.ts';

const GRANTED = '200 OK';

/**
 * An answered call whose called side goes on by hand: alone, or behind a proxy that it plays too and one that is not
 * there.
 */
export class ToldCall<Caller extends CallingParty = CallingParty> {
  readonly call: RawCall<Caller>;
  #called: CalledSide;
  readonly #isBehindProxies: boolean;
  readonly #randomness: Randomness;
  /** Of the called side's requests. */
  #cseq = 0;

  private constructor(
    call: RawCall<Caller>,
    called: CalledSide,
    isBehindProxies: boolean,
    randomness: Randomness,
  ) {
    this.call = call;
    this.#isBehindProxies = isBehindProxies;
    this.#called = called;
    this.#randomness = randomness;
  }

  get called(): CalledSide {
    return this.#called;
  }

  /**
   * Makes the call, and acknowledges its 200. Throws a BrokenPrecondition where it is not answered, unless `options` has
   * something else to throw.
   */
  static async make<Caller extends CallingParty>(
    world: ConformanceWorld,
    caller: Caller,
    isBehindProxies: boolean,
    options: RawCallOptions = {},
  ): Promise<ToldCall<Caller>> {
    const { platform } = world.parameters.place;
    if (!platform) throw new HarnessError('nobody of ours stands where calls are delivered');
    const called = await heardAt(platform.host, world);
    const { address, port } = called.local;
    const nonce = await nonceFor(world, await world.rawCaller(), 'unseen');
    const lines = knockLines(world, caller, { nonce }, `as told ${port}`);
    const recorded = `Record-Route: <sip:far.platform.example;lr>, <sip:near@${address}:${port};lr>`;
    const body = `${isBehindProxies ? recorded : 'Server: told'}|Content-Length: 0\r\n\r\n`;
    const invite = { ...lines, contentLength: `Content-Length: ${body.length}`, body };
    const call = await RawCall.until(200, caller, invite, options);
    return new ToldCall(call, called, isBehindProxies, world.randomness);
  }

  /** From now on the called side is heard at another port of its host, which its requests name. */
  async move(world: ConformanceWorld): Promise<void> {
    this.#called = await heardAt(this.#called.local.address, world);
  }

  /** The lines of the caller's next re-INVITE, its Route values `in one line` or `in lines of their own`. */
  reinvite(form = 'in lines of their own'): RawLines {
    const lines = this.call.lines('INVITE');
    if (form !== 'in one line') return lines;
    const values = lines.others.filter(isRoute).map((line) => line.slice('Route: '.length));
    return {
      ...lines,
      others: [...lines.others.filter((line) => !isRoute(line)), `Route: ${values.join(', ')}`],
    };
  }

  /** Sends the caller's request, and returns it as the called side gets it. */
  async ask(lines: RawLines): Promise<WireMessage> {
    this.call.caller.send(written(lines));
    const came = await this.called.until(isRequestOf(lines));
    if (came) return came;
    throw new BrokenPrecondition('sip.dialog.in-route', `the ${lines.method} of a call never came`);
  }

  /**
   * Sends a request of the caller. Resolves with it as the called side gets and answers it; undefined where it never does.
   * `statusLine`: what the answer says; absent: the request is granted.
   */
  async askCalled(method: string, statusLine = GRANTED): Promise<WireMessage | undefined> {
    const lines = { ...this.call.lines(method), uri: `sip:${endOf(this.called)}` };
    const came = await this.passed(lines);
    if (!came) return undefined;
    this.called.send(responseTo(came, statusLine, [`Contact: <sip:${endOf(this.called)}>`]), came.source);
    const final = await this.answer(lines, 200);
    if (method === 'INVITE' && final?.status === 200) this.call.acknowledge();
    return came;
  }

  /**
   * Sends a request of the called side. Resolves with it as the caller gets and answers it; undefined where it never does.
   *
   * @param how.by who sends it; absent: the called side
   * @param how.toTag absent: the caller's
   * @param how.isWithoutContact whether it names no target
   * @param how.statusLine what the answer says; absent: the request is granted
   */
  async askCaller(
    method: string,
    {
      by: called = this.called,
      toTag,
      isWithoutContact = false,
      statusLine = GRANTED,
    }: {
      readonly by?: CalledSide;
      readonly toTag?: string;
      readonly isWithoutContact?: boolean;
      readonly statusLine?: string;
    } = {},
  ): Promise<WireMessage | undefined> {
    const { call } = this;
    const honest = await this.#linesOfCalled(method, called);
    const to = toTag === undefined ? honest.to : honest.to.replace(/tag=.*/, `tag=${toTag}`);
    const others = honest.others.filter((line) => !isWithoutContact || !line.startsWith('Contact:'));
    const lines = { ...honest, to, others };
    const [first = ''] = lines.others.filter(isRoute);
    const service = endIn(first.slice('Route: '.length));
    called.send(written(lines), service);
    const isAnswer = ({ status = 0, cseq }: WireMessage): boolean =>
      status >= 200 && cseq?.method === method && cseq.number === this.#cseq;
    const came = await Promise.race([call.caller.until(isRequestOf(lines)), called.until(isAnswer)]);
    if (came?.method === undefined) return undefined;
    call.caller.reply(responseTo(came, statusLine, call.invite.others.filter(isContact)), came);
    const final = await called.until(isAnswer);
    if (method !== 'INVITE' || !final) return came;
    const ack = final.status === 200 ? await this.#linesOfCalled('ACK', called) : ackLines(lines, final);
    called.send(written(ack), service);
    return came;
  }

  /** The next request of the called side, along the route that its INVITE recorded. */
  async #linesOfCalled(method: string, { local }: CalledSide): Promise<RawLines> {
    const { dialog, invite } = this.call;
    const { delivered = [] } = await this.call.passedOn();
    const recorded = delivered.find((message) => message.method === 'INVITE')?.all('Record-Route') ?? [];
    if (method !== 'ACK') this.#cseq += 1;
    const lines = linesOf(
      {
        method,
        uri: uriIn(invite.others.find(isContact) ?? ''),
        to: invite.from.replace('From: ', ''),
        cseq: this.#cseq,
        callId: dialog.callId,
        others: listedValues(recorded).map((value) => `Route: ${value}`),
      },
      local,
      this.#randomness,
    );
    const from = `From: ${dialog.remote}`;
    if (!this.#isBehindProxies) return { ...lines, from };
    // Whoever is behind the proxies cannot be reached but through them.
    const via = `${lines.via}\r\nVia: SIP/2.0/UDP far.platform.example;branch=z9hG4bK${this.#randomness.hex(12)}`;
    const others = lines.others.map((line) => line.replace(/^Contact:.*/, 'Contact: <sip:called@192.0.2.1>'));
    return { ...lines, from, via, others };
  }

  /** Sends the caller's request, and returns it as the called side gets it; undefined where it gets an answer instead. */
  async passed(lines: RawLines): Promise<WireMessage | undefined> {
    this.call.caller.send(written(lines));
    const first = await Promise.race([this.called.until(isRequestOf(lines)), this.answer(lines, 200)]);
    return first?.method === undefined ? undefined : first;
  }

  /** The first answer with this status to the caller's request, or the final one; undefined where none comes. */
  answer(lines: RawLines, status: number): Promise<WireMessage | undefined> {
    const number = numberOf(lines);
    return this.call.caller.until(
      (message) =>
        message.cseq?.number === number &&
        message.cseq.method === lines.method &&
        message.callId === this.call.dialog.callId &&
        (message.status === status || (message.status ?? 0) >= 200),
    );
  }

  /** The next request of that method, with the number of these lines, that the called side gets besides these. */
  next(
    method: string,
    lines: RawLines,
    besides: readonly WireMessage[] = [],
  ): Promise<WireMessage | undefined> {
    const isIt = isRequestOf({ ...lines, method });
    return this.called.until((message) => isIt(message) && !besides.includes(message));
  }
}

/** The ACK of a refusal, in the transaction of its INVITE (RFC 3261 section 17.1.1.3). */
function ackLines(invite: RawLines, refusal: WireMessage): RawLines {
  const cseq = invite.cseq.replace('INVITE', 'ACK');
  const via = invite.via.replace(/\r\nVia: [^]*/, '');
  return { ...invite, method: 'ACK', via, cseq, to: `To: ${refusal.header('To') ?? ''}` };
}

const calls = new WeakMap<ConformanceWorld, ToldCall>();

/** The scenario's call whose called side goes on by hand. */
export function toldCallOf(world: ConformanceWorld): ToldCall {
  const call = calls.get(world);
  if (!call) throw new HarnessError('no call has a called side that goes on by hand');
  return call;
}

/** Rules: sip.ack.proxy, sip.cancel.downstream, sip.dialog.in-route, sip.route.own, sip.trying.form, hard.restart. */
When(
  /^a call with its password is answered, and its called side goes on by hand(, behind no proxy)?$/,
  async function (this: ConformanceWorld, behindNone: string | null) {
    const told = await ToldCall.make(this, await this.rawCaller(), behindNone === null);
    calls.set(this, told);
    isCallOf(this, told.call);
  },
);

/** Of a call over TCP that does not get so far: for sip.tcp that is what it judges. */
function notSetUp(answer: WireMessage | undefined): RuleViolation {
  return new RuleViolation(['200 to an INVITE over TCP'], answer?.startLine ?? 'no final answer', 'the wire');
}

/** Rule: hard.restart. */
When(
  'a call over TCP with its password is answered, its caller listens, and its called side goes on by hand',
  async function (this: ConformanceWorld) {
    calls.set(this, await ToldCall.make(this, await this.preparedListeningCaller(), false));
  },
);

/** Rule: sip.tcp. */
When(
  'a call over TCP with its password is set up, its caller listens, and its called side goes on by hand',
  async function (this: ConformanceWorld) {
    const caller = await this.listeningCaller();
    calls.set(this, await ToldCall.make(this, caller, false, { otherwise: notSetUp }));
  },
);

async function heardAt(address: string, world: ConformanceWorld): Promise<CalledSide> {
  const called = await CalledSide.open(address, world.parameters.descriptor.timeouts.answer.ms);
  world.ending.addEventListener('abort', () => called.close());
  return called;
}

function endOf({ local: { address, port } }: { readonly local: Endpoint }): string {
  return `${address}:${port}`;
}

/** Where a Route or Record-Route value leads. */
function endIn(value: string): Endpoint {
  const [, address = '', port = '5060'] = /^sip:(?:[^@]*@)?([^:;]+)(?::(\d+))?/.exec(uriIn(value)) ?? [];
  return { address, port: Number(port) };
}

function isContact(line: string): boolean {
  return line.startsWith('Contact: ');
}

function isRoute(line: string): boolean {
  return line.startsWith('Route: ');
}

function isRequestOf(lines: RawLines): (message: WireMessage) => boolean {
  const number = numberOf(lines);
  return ({ method, callId, cseq }) =>
    method === lines.method && lines.callIds.includes(callId ?? '') && cseq?.number === number;
}

function numberOf({ cseq }: RawLines): number {
  return Number(/\d+/.exec(cseq)?.[0]);
}
