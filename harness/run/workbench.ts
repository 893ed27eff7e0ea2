import { existsSync, readFileSync } from 'node:fs';
import { openCapture, type CaptureReader } from '../capture/reader.ts';
import { TokenSource, type ClientCredentials } from '../clients/oauth.ts';
import { anonymousCustomer } from '../lab/addresses.ts';
import { Randomness } from '../randomness.ts';
import { sendRaw, withOwnBranch, type RawExchange } from '../traffic/raw.ts';
import { optionsOverTcp, type Segmentation, type StreamExchange } from '../traffic/stream.ts';
import { Caller } from '../traffic/caller.ts';
import { PlatformWitness } from '../traffic/platform.ts';
import { loadRules, type Rule } from '../rules.ts';
import type { Account } from '../target/descriptor.ts';
import { HarnessError, type Withheld } from '../verdict.ts';
import { runEnd, type RunEnd, type RunFacts } from './facts.ts';

/** What the scenarios of one thread share: the witnesses, the token, the catalogue. */
export class Workbench {
  readonly facts: RunFacts;
  readonly client: ClientCredentials;
  readonly tokens: TokenSource;
  /** Tokens of another account's client; undefined where the descriptor names none. */
  readonly otherTokens: TokenSource | undefined;
  readonly caller: Caller;
  /** The run's; a scenario draws from a fork of it, or its values would hang on what else the thread ran. */
  readonly randomness: Randomness;
  private readonly rules = loadRules();
  private readonly capture: CaptureReader | undefined;
  private readonly platform: PlatformWitness | undefined;

  constructor(facts: RunFacts) {
    this.facts = facts;
    this.randomness = new Randomness(facts.seed);
    const { descriptor, place } = facts;
    this.client = credentialsOf(descriptor.account);
    this.tokens = new TokenSource(place.api.tokenUrl, this.client);
    this.otherTokens =
      descriptor.otherAccount && new TokenSource(place.api.tokenUrl, credentialsOf(descriptor.otherAccount));
    this.capture = facts.capture === null ? undefined : openCapture(facts.capture);
    this.platform = facts.platform ? new PlatformWitness(facts.platform) : undefined;
    this.caller = new Caller(
      place.sip,
      descriptor.realm,
      descriptor.timeouts.answer.ms,
      this.capture,
      this.platform,
    );
  }

  /**
   * Sends a datagram as it is, in the lab from an address that is this number's alone. Elsewhere all have one address,
   * and each gets a branch of its own.
   */
  sendRaw(octets: Buffer, number: number, randomness: Randomness): Promise<RawExchange> {
    const { place, placeName, defaultAddress, descriptor, seed } = this.facts;
    const isAlone = placeName === 'lab';
    const from = isAlone ? anonymousCustomer(seed + number) : defaultAddress;
    const sent = isAlone ? octets : withOwnBranch(octets, randomness);
    return sendRaw(sent, from, place.sip, descriptor.timeouts.answer.ms, this.capture, randomness);
  }

  /** Sends OPTIONS over one TCP connection, cut into segments as said. */
  optionsOverTcp(count: number, segmentation: Segmentation, randomness: Randomness): Promise<StreamExchange> {
    const { place, defaultAddress, descriptor } = this.facts;
    const patienceMs = descriptor.timeouts.answer.ms;
    return optionsOverTcp(count, segmentation, defaultAddress, place.sip, patienceMs, randomness);
  }

  /** Why no further scenario shall begin; undefined while the run goes on. */
  get earlyEnd(): RunEnd | undefined {
    const { endFile } = this.facts;
    return existsSync(endFile) ? runEnd.parse(JSON.parse(readFileSync(endFile, 'utf8'))) : undefined;
  }

  /** Why a rule cannot be judged on this target from here; undefined where it can. */
  withheld(rule: Rule): Withheld | undefined {
    const { descriptor, place, placeName } = this.facts;
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
      const claim = descriptor.capabilities[name];
      if (claim !== true)
        return { verdict: 'skipped', reason: claim?.absent ?? `the target does not say it has ${name}` };
      if (name === 'downstream-sip' && !place.platform) {
        const reason = `nobody of ours stands where calls are delivered: the place "${placeName}" has no platform`;
        return { verdict: 'inconclusive', reason };
      }
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
    const rule = this.rules.get(id);
    if (!rule) throw new HarnessError(`features/rules.yaml has no rule ${id}`);
    return rule;
  }

  /** The packets of these calls as a capture file, at most so many; undefined where nothing is captured. */
  async pcap(callIds: readonly string[], most?: number): Promise<Buffer | undefined> {
    return this.capture?.pcap(callIds, most);
  }

  async close(): Promise<void> {
    this.platform?.close();
    await this.capture?.close();
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
