import { existsSync, readFileSync } from 'node:fs';

import { TokenSource, type ClientCredentials } from '../clients/oauth.ts';
import { anonymousCustomer } from '../lab/addresses.ts';
import { Randomness } from '../randomness.ts';
import type { Rule, RuleCatalogue } from '../rules.ts';
import { unclaimed, type Account } from '../target/descriptor.ts';
import { showsLife } from '../target/life.ts';
import { TargetLog } from '../target/log.ts';
import { Caller } from '../traffic/caller.ts';
import { ListeningCaller } from '../traffic/listening_caller.ts';
import { sendRaw, withOwnBranch, type RawExchange, type RawRoute } from '../traffic/raw.ts';
import { RawCaller, type RawCallerParts } from '../traffic/raw_caller.ts';
import { sendOverStreams, type StreamAttempt, type StreamLetter } from '../traffic/raw_stream.ts';
import { reflections, type Reflection, type SilentRequest } from '../traffic/silent_caller.ts';
import { optionsOverTcp, type Segmentation, type StreamExchange } from '../traffic/stream.ts';
import { StreamCaller, type Unconnected } from '../traffic/stream_caller.ts';
import { HarnessError, type Withheld } from '../verdict.ts';
import { closeWitnesses, openWitnesses, unwatched, type OpenedWitnesses } from '../witnesses/index.ts';
import { runEnd, type RunEnd, type RunFacts } from './facts.ts';

/** How often a failed scenario looks whether the run ends, in the time that an answer may take. */
const LOOKS_PER_ANSWER = 16;

/** What the scenarios of one thread share: the witnesses, the token, the catalogue. */
export class Workbench {
  readonly facts: RunFacts;
  readonly client: ClientCredentials;
  readonly tokens: TokenSource;
  /** Tokens of another account's client; undefined where the descriptor names none. */
  readonly otherTokens: TokenSource | undefined;
  readonly witnesses: OpenedWitnesses;
  readonly caller: Caller;
  /** What the target writes; undefined where the run did not start it. */
  readonly targetLog: TargetLog | undefined;
  /** The run's. Each scenario draws from a fork, so that its values do not depend on what the thread ran before. */
  readonly randomness: Randomness;
  readonly #rules: RuleCatalogue;

  constructor(facts: RunFacts) {
    this.facts = facts;
    this.randomness = new Randomness(facts.seed);
    const { descriptor, place, rules } = facts;
    this.#rules = new Map(rules.map((rule) => [rule.id, rule]));
    this.client = credentialsOf(descriptor.account);
    this.tokens = new TokenSource(place.api.tokenUrl, this.client);
    this.otherTokens =
      descriptor.otherAccount && new TokenSource(place.api.tokenUrl, credentialsOf(descriptor.otherAccount));
    this.witnesses = openWitnesses(facts.witnesses);
    this.targetLog = facts.logFile === undefined ? undefined : new TargetLog(facts.logFile);
    this.caller = new Caller(place.sip, descriptor.realm, descriptor.timeouts.answer.ms, this.witnesses);
  }

  /**
   * Sends a datagram as it is. In the lab it comes from an address of its own, chosen by `number`. Elsewhere all share
   * one address, so each gets a branch of its own.
   */
  sendRaw(
    octets: Buffer,
    number: number,
    { randomness, isAnswerOwed }: Pick<RawRoute, 'randomness' | 'isAnswerOwed'>,
  ): Promise<RawExchange> {
    const { place, placeName, defaultAddress, descriptor, seed } = this.facts;
    const isAlone = placeName === 'lab';
    const from = isAlone ? anonymousCustomer(seed + number) : defaultAddress;
    const sent = isAlone ? octets : withOwnBranch(octets, randomness);
    const { capture } = this.witnesses;
    const patienceMs = descriptor.timeouts.answer.ms;
    return sendRaw(sent, { from, sip: place.sip, patienceMs, capture, randomness, isAnswerOwed });
  }

  /** A caller whose requests are written by hand; `user` is the user part of its URI. */
  openRawCaller(from: string, randomness: Randomness, user?: string): Promise<RawCaller> {
    return RawCaller.open(from, {
      ...this.#callerParts(randomness),
      ...(user === undefined ? {} : { user }),
    });
  }

  /** The same over a TCP connection of its own, or why the service takes none. */
  openStreamCaller(from: string, randomness: Randomness): Promise<StreamCaller | Unconnected> {
    return StreamCaller.open(from, this.#callerParts(randomness));
  }

  /** A caller over TCP that listens. It has no connection yet. */
  openListeningCaller(from: string, randomness: Randomness): Promise<ListeningCaller> {
    return ListeningCaller.open(from, this.#callerParts(randomness));
  }

  #callerParts(randomness: Randomness): RawCallerParts {
    const { place, descriptor } = this.facts;
    const { witnesses } = this;
    return { sip: place.sip, answerMs: descriptor.timeouts.answer.ms, witnesses, randomness };
  }

  /** In the lab, an address from which hardly anything has come; undefined elsewhere. */
  anonymousAddress(randomness: Randomness): string | undefined {
    return this.facts.placeName === 'lab' ? anonymousCustomer(randomness.integer(0, 2 ** 16)) : undefined;
  }

  /**
   * Sends each request from a socket of its own, and counts for so long what comes of it. In the lab they come from an
   * address where no answers to others are still repeated.
   */
  reflections(
    requests: readonly SilentRequest[],
    durationMs: number,
    randomness: Randomness,
  ): Promise<readonly Reflection[]> {
    const { witnesses, facts } = this;
    const { place, defaultAddress } = facts;
    const from = this.anonymousAddress(randomness) ?? defaultAddress;
    return reflections(requests, from, { sip: place.sip, witnesses }, durationMs);
  }

  /** Sends `count` OPTIONS over one TCP connection, cut into segments as given. */
  optionsOverTcp(count: number, segmentation: Segmentation, randomness: Randomness): Promise<StreamExchange> {
    const { place, defaultAddress, descriptor } = this.facts;
    const patienceMs = descriptor.timeouts.answer.ms;
    return optionsOverTcp(count, segmentation, defaultAddress, place.sip, patienceMs, randomness);
  }

  /** Sends each over a TCP connection of its own. */
  sendOverStreams(letters: readonly StreamLetter[]): Promise<readonly StreamAttempt[]> {
    const { place, defaultAddress: from, descriptor } = this.facts;
    const { witnesses } = this;
    const patienceMs = descriptor.timeouts.answer.ms;
    return sendOverStreams(letters, { from, sip: place.sip, patienceMs, witnesses });
  }

  /** Why no further scenario shall begin; undefined while the run goes on. */
  get earlyEnd(): RunEnd | undefined {
    const { endFile } = this.facts;
    return existsSync(endFile) ? runEnd.parse(JSON.parse(readFileSync(endFile, 'utf8'))) : undefined;
  }

  /**
   * Why the run ends, where a scenario that failed may have been the first to notice; undefined once the target shows
   * that it lives. What nobody else notices in three times the patience for an answer is not waited for.
   */
  async endBehindFailure(): Promise<RunEnd | undefined> {
    const { place, defaultAddress: from, descriptor } = this.facts;
    const answerMs = descriptor.timeouts.answer.ms;
    const deadline = performance.now() + 3 * answerMs;
    while (this.earlyEnd === undefined && performance.now() < deadline)
      if (await showsLife({ place, from, answerMs }, answerMs / LOOKS_PER_ANSWER)) break;
    return this.earlyEnd;
  }

  /** Why this rule cannot be judged on this target from here; undefined where it can. */
  withheld(rule: Rule): Withheld | undefined {
    const { descriptor, place, placeName, witnesses } = this.facts;
    for (const name of rule.requires) {
      if (name === 'vantage-points') {
        if (place.vantagePoints.length === 0) {
          return {
            verdict: 'inconclusive',
            reason: `calls can only come from one address in the place "${placeName}"`,
          };
        }
        continue;
      }
      if (name === 'other-account') {
        if (descriptor.otherAccount) continue;
        const reason = `the descriptor of ${descriptor.name} names no client of another account (otherAccount)`;
        return { verdict: 'inconclusive', reason };
      }
      const missing = unclaimed(descriptor, name);
      if (missing !== undefined) return { verdict: 'skipped', reason: missing };
      const unseen = unwatched(name, witnesses);
      if (unseen !== undefined) return { verdict: 'inconclusive', reason: unseen };
    }
    return undefined;
  }

  /** Why nobody can call as this customer from here; undefined where the place has such a vantage point. */
  withheldFrom(customer: string): Withheld | undefined {
    const { place, placeName } = this.facts;
    if (place.vantagePoints.some(({ name }) => name === customer)) return undefined;
    return {
      verdict: 'inconclusive',
      reason: `the place "${placeName}" has no vantage point "${customer}" to call from`,
    };
  }

  /** The rule of this id. Throws a HarnessError where the catalogue has none. */
  rule(id: string): Rule {
    const rule = this.#rules.get(id);
    if (!rule) throw new HarnessError(`features/rules.yaml has no rule ${id}`);
    return rule;
  }

  close(): Promise<void> {
    return closeWitnesses(this.witnesses);
  }
}

function credentialsOf({ clientId, clientSecret }: Account): ClientCredentials {
  return { id: fromEnvironment(clientId.environment), secret: fromEnvironment(clientSecret.environment) };
}

function fromEnvironment(name: string): string {
  const value = process.env[name];
  if (value === undefined) throw new HarnessError(`the environment variable ${name} is gone`);
  return value;
}
