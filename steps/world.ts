import {
  After,
  AfterAll,
  AfterStep,
  Before,
  World,
  defineParameterType,
  parallelCanAssignHelpers,
  setDefaultTimeout,
  setParallelCanAssign,
  setWorldConstructor,
  Status,
} from '@cucumber/cucumber';

import type { Application } from '../harness/clients/application.ts';
import { HttpJournal, type HttpAnswer } from '../harness/clients/http.ts';
import { ManagementClient } from '../harness/clients/management.ts';
import type { AnswerKind } from '../harness/expect/answers_alike.ts';
import type { Randomness } from '../harness/randomness.ts';
import { isRuleTag } from '../harness/rules.ts';
import { scenarioEvidence } from '../harness/run/evidence.ts';
import type { RunFacts } from '../harness/run/facts.ts';
import { Workbench } from '../harness/run/workbench.ts';
import type { Attempt } from '../harness/traffic/attempt.ts';
import type { Call } from '../harness/traffic/call.ts';
import type { CallRequest } from '../harness/traffic/caller.ts';
import { resultsOf, type Exchange, type ExchangeKinds } from '../harness/traffic/exchange.ts';
import type { ListeningCaller } from '../harness/traffic/listening_caller.ts';
import type { RawExchange } from '../harness/traffic/raw.ts';
import type { RawCaller } from '../harness/traffic/raw_caller.ts';
import type { RawLines } from '../harness/traffic/raw_request.ts';
import type { StreamAttempt, StreamLetter } from '../harness/traffic/raw_stream.ts';
import type { Segmentation, StreamExchange } from '../harness/traffic/stream.ts';
import type { StreamCaller, Unconnected } from '../harness/traffic/stream_caller.ts';
import {
  BrokenPrecondition,
  HarnessError,
  RuleViolation,
  VIOLATION_MEDIA_TYPE,
  WITHHELD_MEDIA_TYPE,
  type Withheld,
} from '../harness/verdict.ts';

let shared: Workbench | undefined;

/** One scenario's world. It shares only the bench, which takes time to open. */
export class ConformanceWorld extends World<RunFacts> {
  readonly bench = (shared ??= new Workbench(this.parameters));
  /** The scenario's random values: the same in every run of one seed, whatever runs beside it. */
  randomness = this.bench.randomness;
  readonly journal = new HttpJournal();
  readonly api = this.managementClient(this.journal);
  /** The scenario's applications, in the order they were made. */
  readonly applications: Application[] = [];
  /** What the scenario asked the target for, and what came of it, in order. */
  readonly exchanges: Exchange[] = [];
  /** Two kinds of answer that a step compares. */
  kinds: readonly [AnswerKind, AnswerKind] | undefined;
  readonly #rawCallers: RawCaller[] = [];
  readonly #ending = new AbortController();

  /** A client of the account's management API whose exchanges that journal keeps. */
  managementClient(journal: HttpJournal): ManagementClient {
    const { place, descriptor } = this.parameters;
    return new ManagementClient(journal, this.bench.tokens, place.api.baseUrl, descriptor.account.id);
  }

  /** The application the scenario is about. */
  get application(): Application {
    return there(this.applications[0], 'no application was made');
  }

  /** The other one, where the scenario has two. */
  get otherApplication(): Application {
    return there(this.applications[1], 'no other application was made');
  }

  /** The last answer of the API. */
  get answer(): HttpAnswer {
    return there(this.#last('answer'), 'the API was not asked anything');
  }

  set answer(result: HttpAnswer) {
    this.exchanges.push({ kind: 'answer', result });
  }

  get calls(): readonly Call[] {
    return resultsOf(this.exchanges, 'call');
  }

  get firstCall(): Call {
    return there(this.calls[0], 'no call was made');
  }

  /** The call before the last one. */
  get callBefore(): Call {
    return there(this.calls.at(-2), 'no call was made before the last one');
  }

  get lastCall(): Call {
    return there(this.#last('call'), 'no call was made');
  }

  /** Places a call and keeps it for the steps that judge. */
  async place(request: Omit<CallRequest, 'from' | 'randomness'> & { readonly from?: string }): Promise<void> {
    const { parameters, randomness } = this;
    const from = parameters.defaultAddress;
    const result = await this.bench.caller.call({ from, randomness, ...request });
    this.exchanges.push({ kind: 'call', result });
  }

  /** What was sent over one TCP connection, and what came back over it. */
  get stream(): StreamExchange {
    return there(this.#last('stream'), 'nothing was sent over TCP');
  }

  /** Sends `count` OPTIONS over one connection, and keeps what comes back for the steps that judge. */
  async sendOptionsOverTcp(count: number, segmentation: Segmentation): Promise<void> {
    const result = await this.bench.optionsOverTcp(count, segmentation, this.randomness);
    this.exchanges.push({ kind: 'stream', result });
  }

  /** What was sent over TCP connections of their own, and what came of each. */
  get streams(): readonly StreamAttempt[] {
    return there(this.#last('streams'), 'nothing was sent over TCP');
  }

  /** Sends each over a TCP connection of its own, and keeps what comes of them. */
  async sendOverStreams(letters: readonly StreamLetter[]): Promise<void> {
    const result = await this.bench.sendOverStreams(letters);
    this.exchanges.push({ kind: 'streams', result });
  }

  /** What was sent as it is, and what came back. */
  get raw(): RawExchange {
    return there(this.#last('raw'), 'nothing was sent');
  }

  /**
   * Sends a datagram as it is, and keeps what comes back for the steps that judge. Each datagram of a run needs its own
   * number, so that the service cannot take two of them for one.
   *
   * @param isAnswerOwed false: the service may drop it
   */
  async sendRaw(octets: Buffer, number: number, isAnswerOwed: boolean): Promise<void> {
    const { randomness } = this;
    const result = await this.bench.sendRaw(octets, number, { randomness, isAnswerOwed });
    this.exchanges.push({ kind: 'raw', result });
    for (const [index, { text }] of result.answers.entries()) {
      this.attach(text, { mediaType: 'text/plain', fileName: `answer ${index + 1}.txt` });
    }
    this.attach(result.sent, { mediaType: 'text/plain', fileName: 'sent.txt' });
  }

  /** The rounds of requests written by hand, with what came of each request, in order. */
  get rounds(): readonly (readonly Attempt[])[] {
    return resultsOf(this.exchanges, 'round');
  }

  get lastRound(): readonly Attempt[] {
    return there(this.#last('round'), 'no request was written by hand');
  }

  /** A new caller whose requests are written by hand. It is closed with the scenario. */
  async rawCaller(from = this.parameters.defaultAddress, randomness = this.randomness): Promise<RawCaller> {
    const caller = await this.bench.openRawCaller(from, randomness);
    this.#rawCallers.push(caller);
    return caller;
  }

  /** A caller over a TCP connection. Throws a RuleViolation where the service takes none. */
  async streamCaller(who: string): Promise<StreamCaller> {
    const opened = await this.#openStream();
    if ('unconnected' in opened)
      throw new RuleViolation([`a TCP connection for ${who}`], `none: ${opened.unconnected}`);
    return opened;
  }

  /** The same for rules that do not speak of TCP. Throws a BrokenPrecondition where the service takes no connection. */
  async preparedStreamCaller(from?: string, randomness?: Randomness): Promise<StreamCaller> {
    const opened = await this.#openStream(from, randomness);
    if ('unconnected' in opened)
      throw new BrokenPrecondition('sip.tcp', `the service takes no TCP connection: ${opened.unconnected}`);
    return opened;
  }

  /** A caller over TCP that listens, connected to the service. Throws a RuleViolation where that takes no connection. */
  async listeningCaller(): Promise<ListeningCaller> {
    const { caller, unconnected } = await this.#openListening();
    if (unconnected === undefined) return caller;
    throw new RuleViolation(['a TCP connection for a caller that listens'], `none: ${unconnected}`);
  }

  /** The same for rules that do not speak of TCP. Throws a BrokenPrecondition where the service takes no connection. */
  async preparedListeningCaller(): Promise<ListeningCaller> {
    const { caller, unconnected } = await this.#openListening();
    if (unconnected === undefined) return caller;
    throw new BrokenPrecondition('sip.tcp', `the service takes no TCP connection: ${unconnected}`);
  }

  async #openListening(): Promise<{
    readonly caller: ListeningCaller;
    readonly unconnected: string | undefined;
  }> {
    const caller = await this.bench.openListeningCaller(this.parameters.defaultAddress, this.randomness);
    this.ending.addEventListener('abort', () => caller.close());
    return { caller, unconnected: await caller.connect() };
  }

  async #openStream(
    from = this.parameters.defaultAddress,
    randomness = this.randomness,
  ): Promise<StreamCaller | Unconnected> {
    const opened = await this.bench.openStreamCaller(from, randomness);
    if (!('unconnected' in opened)) this.ending.addEventListener('abort', () => opened.close());
    return opened;
  }

  /** Sends requests written by hand, each under a name for what it tries, and keeps what comes of them. */
  async attempt(
    ...[caller, ...how]: [RawCaller, ...Parameters<RawCaller['attempt']>]
  ): Promise<readonly Attempt[]> {
    const result = await caller.attempt(...how);
    this.exchanges.push({ kind: 'round', result });
    return result;
  }

  /** Keeps what has come of a request that was sent by hand before, under a name for what it tries. */
  async keep(caller: RawCaller, name: string, lines: RawLines): Promise<void> {
    this.exchanges.push({ kind: 'round', result: [await caller.cameOf(name, lines)] });
  }

  /** Aborted when the scenario ends. */
  get ending(): AbortSignal {
    return this.#ending.signal;
  }

  /** Ends what the scenario opened. */
  close(): void {
    this.#ending.abort();
    for (const caller of this.#rawCallers.splice(0)) caller.close();
  }

  /** Leaves the scenario unjudged: what comes after this step is skipped, with the reason. */
  withhold(withheld: Withheld): 'skipped' {
    this.attach(JSON.stringify(withheld), WITHHELD_MEDIA_TYPE);
    return 'skipped';
  }

  /** Notes in the report that delivery was not watched, so that silence is not taken for proof. */
  noteUnseenDelivery(): void {
    if (this.lastCall.delivered !== undefined) return;
    this.attach('No stand-in receives what this target delivers: only the caller was watched.', {
      mediaType: 'text/plain',
      fileName: 'not watched.txt',
    });
  }

  /** The address of a customer the features name. */
  addressOf(customer: string): string {
    const point = this.parameters.place.vantagePoints.find(({ name }) => name === customer);
    if (!point)
      throw new HarnessError(`the target's descriptor has no vantage point "${customer}" to call from`);
    return point.address;
  }

  #last<K extends keyof ExchangeKinds>(kind: K): ExchangeKinds[K] | undefined {
    return resultsOf(this.exchanges, kind).at(-1);
  }
}

function there<T>(item: T | undefined, otherwise: string): T {
  if (item === undefined) throw new HarnessError(otherwise);
  return item;
}

setWorldConstructor(ConformanceWorld);
/** A scenario that floods the service: only one of them runs at a time. */
const FLOOD = '@flood';
/** A scenario that takes from the target what others need: nothing else runs meanwhile. */
const ALONE = '@alone';
const oneFlood = parallelCanAssignHelpers.atMostOnePicklePerTag([FLOOD]);
setParallelCanAssign((next, running) => {
  const isAlone = [next, ...running].some(({ tags }) => tags.some(({ name }) => name === ALONE));
  return isAlone ? running.length === 0 : oneFlood(next, running);
});
/**
 * Only ends a hung step: every wait in a step has its own shorter limit, and a message that names what was awaited. A
 * service may take its time for each of a thousand answers.
 */
setDefaultTimeout(600_000);

const CUSTOMER = /US customer|EU customer|customer of no known region/;

function vantagePointOf(customer: string): string {
  return customer.startsWith('customer') ? 'elsewhere' : customer.slice(0, 2);
}

defineParameterType({ name: 'customer', regexp: CUSTOMER, transformer: vantagePointOf });

Before(function (this: ConformanceWorld, { pickle }) {
  this.randomness = this.bench.randomness.fork(`${pickle.uri}:${pickle.location?.line ?? pickle.name}`);
  const end = this.bench.earlyEnd;
  if (end?.kind === 'interrupted') return this.withhold({ verdict: 'skipped', reason: end.sentence });
  if (end) return this.withhold({ verdict: 'inconclusive', reason: end.sentence });
  for (const { name } of pickle.tags.filter((tag) => isRuleTag(tag.name))) {
    const withheld = this.bench.withheld(this.bench.rule(name.slice(1)));
    if (withheld) return this.withhold(withheld);
  }
  for (const { text } of pickle.steps) {
    const [customer] = CUSTOMER.exec(text) ?? [];
    const withheld = customer && this.bench.withheldFrom(vantagePointOf(customer));
    if (withheld) return this.withhold(withheld);
  }
  return undefined;
});

/** Gives the reports what a step threw as data; the exception's text is for a person. */
AfterStep(function (this: ConformanceWorld, { error }) {
  if (error instanceof BrokenPrecondition) this.withhold(error.withheld);
  if (error instanceof RuleViolation) this.attach(JSON.stringify(error.violation), VIOLATION_MEDIA_TYPE);
});

After(async function (this: ConformanceWorld, { result: outcome }) {
  this.close();
  const hasFailed = outcome?.status === Status.FAILED;
  const end = this.bench.earlyEnd ?? (hasFailed ? await this.bench.endBehindFailure() : undefined);
  const { journal, exchanges, bench } = this;
  for (const { data, mediaType, fileName } of await scenarioEvidence(journal, exchanges, bench.witnesses)) {
    if (typeof data === 'string') this.attach(data, { mediaType, fileName });
    else this.attach(data, { mediaType, fileName });
  }
  // What the scenario needed is gone: whatever it came to does not count.
  const begun = outcome?.status !== Status.SKIPPED;
  if (begun && end && end.kind !== 'interrupted')
    this.withhold({ verdict: 'inconclusive', reason: end.sentence, voids: true });
});

AfterAll(async () => {
  await shared?.close();
  // Another run may follow in this thread, against another target.
  shared = undefined;
});
