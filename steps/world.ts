import {
  After,
  AfterAll,
  Before,
  World,
  defineParameterType,
  setDefaultTimeout,
  setWorldConstructor,
  Status,
} from '@cucumber/cucumber';
import type { HttpAnswer } from '../harness/clients/http.ts';
import type { AnswerKind } from '../harness/expect/answers_alike.ts';
import { HttpJournal } from '../harness/clients/http.ts';
import { ManagementClient } from '../harness/clients/management.ts';
import { attachEvidence } from '../harness/run/evidence.ts';
import type { RunFacts } from '../harness/run/facts.ts';
import { Workbench } from '../harness/run/workbench.ts';
import { isRuleTag } from '../harness/rules.ts';
import type { Call } from '../harness/traffic/call.ts';
import type { CallRequest } from '../harness/traffic/caller.ts';
import type { RawExchange } from '../harness/traffic/raw.ts';
import type { Segmentation, StreamExchange } from '../harness/traffic/stream.ts';
import { HarnessError, WITHHELD_MEDIA_TYPE, type Withheld } from '../harness/verdict.ts';
import type { Application } from '../harness/clients/application.ts';

let shared: Workbench | undefined;

/** One scenario's world: nothing in it is shared but what costs time to open. */
export class ConformanceWorld extends World<RunFacts> {
  readonly bench = (shared ??= new Workbench(this.parameters));
  /** What the scenario makes up: the same in every run of one seed, whatever runs beside it. */
  randomness = this.bench.randomness;
  readonly journal = new HttpJournal();
  readonly api = new ManagementClient(
    this.journal,
    this.bench.tokens,
    this.parameters.place.api.baseUrl,
    this.parameters.descriptor.account.id,
  );
  /** The scenario's applications, in the order they were made. */
  readonly applications: Application[] = [];
  readonly calls: Call[] = [];
  /** Two kinds of answer that a step compares. */
  kinds: readonly [AnswerKind, AnswerKind] | undefined;
  private lastAnswer: HttpAnswer | undefined;
  private lastRaw: RawExchange | undefined;
  private lastStream: StreamExchange | undefined;

  /** The application the scenario is about. */
  get application(): Application {
    return this.first(this.applications, 'no application was made');
  }

  /** The other one, where the scenario has two. */
  get otherApplication(): Application {
    return this.first(this.applications.slice(1), 'no other application was made');
  }

  get answer(): HttpAnswer {
    if (!this.lastAnswer) throw new HarnessError('the API was not asked anything');
    return this.lastAnswer;
  }

  set answer(answer: HttpAnswer) {
    this.lastAnswer = answer;
  }

  get firstCall(): Call {
    return this.first(this.calls, 'no call was made');
  }

  /** The call before the last one. */
  get callBefore(): Call {
    return this.first(this.calls.slice(-2), 'no call was made before the last one');
  }

  get lastCall(): Call {
    return this.first(this.calls.slice(-1), 'no call was made');
  }

  /** Places a call and keeps it for the steps that judge. */
  async place(request: Omit<CallRequest, 'from' | 'randomness'> & { readonly from?: string }): Promise<void> {
    const { parameters, randomness } = this;
    this.calls.push(
      await this.bench.caller.call({ from: parameters.defaultAddress, randomness, ...request }),
    );
  }

  /** What was sent over one TCP connection, and what came back over it. */
  get stream(): StreamExchange {
    if (!this.lastStream) throw new HarnessError('nothing was sent over TCP');
    return this.lastStream;
  }

  /** Sends so many OPTIONS over one connection, and keeps what comes back for the steps that judge. */
  async sendOptionsOverTcp(count: number, segmentation: Segmentation): Promise<void> {
    this.lastStream = await this.bench.optionsOverTcp(count, segmentation, this.randomness);
  }

  /** What was sent as it is, and what came back. */
  get raw(): RawExchange {
    if (!this.lastRaw) throw new HarnessError('nothing was sent');
    return this.lastRaw;
  }

  /**
   * Sends a datagram as it is, and keeps what comes back for the steps that judge. Those of a run have different
   * numbers, so that the service cannot take two of them for one.
   */
  async sendRaw(octets: Buffer, number: number): Promise<void> {
    this.lastRaw = await this.bench.sendRaw(octets, number, this.randomness);
    for (const [index, { text }] of this.lastRaw.answers.entries()) {
      this.attach(text, { mediaType: 'text/plain', fileName: `answer ${index + 1}.txt` });
    }
    this.attach(this.lastRaw.sent, { mediaType: 'text/plain', fileName: 'sent.txt' });
  }

  /** Leaves the scenario unjudged: what comes after this step is skipped, with the reason. */
  withhold(withheld: Withheld): 'skipped' {
    this.attach(JSON.stringify(withheld), WITHHELD_MEDIA_TYPE);
    return 'skipped';
  }

  /** Tells the reader where the delivering end could not be watched, so that silence is not taken for proof. */
  noteUnseenDelivery(): void {
    if (this.lastCall.delivered !== undefined) return;
    this.attach('Nobody of ours stands where this target delivers calls: only the caller was watched.', {
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

  private first<T>(list: readonly T[], otherwise: string): T {
    const [item] = list;
    if (item === undefined) throw new HarnessError(otherwise);
    return item;
  }
}

setWorldConstructor(ConformanceWorld);
/** What a step waits for has limits of its own, which say what was waited for; this one only ends a hung step. */
setDefaultTimeout(120_000);

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

After(async function (this: ConformanceWorld, { result }) {
  const end = this.bench.earlyEnd;
  await attachEvidence(this.journal, this.calls, this.bench, (data, options) =>
    typeof data === 'string' ? this.attach(data, options) : this.attach(data, options),
  );
  // Whatever this scenario came to: it was not the target's word any more.
  const begun = result?.status !== Status.SKIPPED;
  if (begun && end && end.kind !== 'interrupted') throw new HarnessError(end.sentence);
});

AfterAll(async () => {
  await shared?.close();
  // Another run may follow in this thread, against another target.
  shared = undefined;
});
