import type { Endpoint } from '../capture/endpoint.ts';
import type { WireMessage } from '../capture/sip_messages.ts';
import { applicationIdIn, exchangeInWords } from '../clients/answer_content.ts';
import {
  APPLICATION_SETTINGS,
  passwordOf,
  patchApplication,
  type Application,
} from '../clients/application.ts';
import { digestCredentials } from '../clients/digest.ts';
import { HttpJournal, isSuccess, type HttpAnswer, type Unanswered } from '../clients/http.ts';
import { ManagementClient } from '../clients/management.ts';
import { requestToken, tokenIn } from '../clients/oauth.ts';
import { readChallenge } from '../expect/challenge.ts';
import type { Randomness } from '../randomness.ts';
import { unclaimed } from '../target/descriptor.ts';
import { DescriptorMistake, type FieldPath } from '../target/mistake.ts';
import { RawCall } from '../traffic/raw_call.ts';
import type { RawCaller } from '../traffic/raw_caller.ts';
import type { RawLines } from '../traffic/raw_request.ts';
import { BrokenPrecondition, HarnessError } from '../verdict.ts';
import type { RunFacts } from './facts.ts';
import { userOf } from './single_call.ts';
import { Workbench } from './workbench.ts';

/**
 * Does once what nearly every scenario does: buys a token, makes an application, calls it, and removes it again. Throws a
 * DescriptorMistake where nothing could be judged: there is no token, no application can be made, the service is another
 * domain, or calls are delivered to somebody else. What merely breaks a rule goes on to the scenarios. Resolves with
 * what a user should know all the same, as sentences.
 */
export async function preflight(facts: RunFacts): Promise<readonly string[]> {
  const bench = new Workbench(facts);
  try {
    const flight = new Preflight(bench);
    await flight.token();
    const application = await flight.application();
    try {
      return await flight.call(application);
    } finally {
      await flight.remove(application);
    }
  } finally {
    await bench.close();
  }
}

/** What became of a call. */
interface Outcome {
  readonly isAnswered: boolean;
  readonly callIds: readonly string[];
  /** Of the first challenge, where there was one with Digest. */
  readonly challengedFor: string | undefined;
}

class Preflight {
  readonly #bench: Workbench;
  readonly #journal = new HttpJournal();
  readonly #api: ManagementClient;
  readonly #randomness: Randomness;

  constructor(bench: Workbench) {
    const { tokens, facts, randomness } = bench;
    this.#bench = bench;
    this.#api = new ManagementClient(
      this.#journal,
      tokens,
      facts.place.api.baseUrl,
      facts.descriptor.account.id,
    );
    this.#randomness = randomness.fork('preflight');
  }

  #inPlace(...path: FieldPath): FieldPath {
    return ['places', this.#bench.facts.placeName, ...path];
  }

  /** Buys a token. */
  async token(): Promise<void> {
    const { client, facts } = this.#bench;
    const { tokenUrl } = facts.place.api;
    const field = this.#inPlace('api', 'tokenUrl');
    const answer = await requestToken(this.#journal, tokenUrl, client).catch((error: unknown) => {
      if (!(error instanceof HarnessError)) throw error;
      throw new DescriptorMistake(`no access token: ${error.message}. ${WHERE_IS_IT}`, [field]);
    });
    if (tokenIn(answer)) return;
    const { account } = facts.descriptor;
    const variables = `${account.clientId.environment} and ${account.clientSecret.environment}`;
    const refused = [400, 401, 403].includes(answer.status);
    throw new DescriptorMistake(
      `no access token: ${exchangeInWords(answer)}. ` +
        (refused
          ? `The client is refused: check the variables ${variables}.`
          : `Is it the token endpoint (RFC 6749 section 3.2)?`),
      refused ? [['account', 'clientId'], ['account', 'clientSecret'], field] : [field],
    );
  }

  /** Makes an application. */
  async application(): Promise<Application> {
    const answer = await this.#api.attempt({
      method: 'POST',
      contentType: 'application/json',
      body: JSON.stringify(APPLICATION_SETTINGS),
    });
    const id = 'status' in answer && isSuccess(answer.status) ? applicationIdIn(answer) : undefined;
    if (id === undefined) throw this.#noApplication(answer);
    return { id, uriUser: undefined, formerUriUsers: [], passwords: [], passwordUntold: undefined };
  }

  #noApplication(answer: HttpAnswer | Unanswered): DescriptorMistake {
    const baseUrl = this.#inPlace('api', 'baseUrl');
    const { request } = answer;
    const what =
      'status' in answer ? exchangeInWords(answer) : `${request.method} ${request.url} ${answer.instead}`;
    const status = 'status' in answer ? answer.status : undefined;
    const [mend, ...fields] = MENDS.get(status) ?? [WHERE_IS_IT];
    return new DescriptorMistake(`no application can be made: ${what}. ${mend}`, [
      ...fields.map((field) => (field === 'account' ? ['account', 'id'] : this.#inPlace('api', field))),
      ...(status === 403 ? [] : [baseUrl]),
    ]);
  }

  /** Enables the application and calls it. */
  async call(application: Application): Promise<readonly string[]> {
    const changes = { inboundSipCallsEnabled: true, passwordAuthEnabled: true };
    await patchApplication(this.#api, application, changes).catch(orNothing);
    // Rules are about this; nothing can be concluded from a call without a password.
    if (application.passwords.length === 0) return [];
    const { facts } = this.#bench;
    const { realm } = facts.descriptor;
    const caller = await this.#bench.openRawCaller(facts.defaultAddress, this.#randomness, 'preflight');
    try {
      const outcome = await this.#callFor(realm, application, caller);
      const theirs = outcome.challengedFor;
      if (!outcome.isAnswered && theirs !== undefined && theirs !== realm) {
        const other = await this.#callFor(theirs, application, caller);
        if (other.isAnswered) throw this.#otherRealm(realm, theirs);
      }
      return await this.#delivery(outcome, caller);
    } finally {
      caller.close();
    }
  }

  #otherRealm(realm: string, theirs: string): DescriptorMistake {
    return new DescriptorMistake(
      `the service is ${theirs}, not ${realm}: it challenges for ${theirs}, answers a call to that domain, and none to ` +
        `${realm}. Change the descriptor's realm, or the domain that the target is configured with.`,
      [['realm']],
    );
  }

  /** Calls the application in this domain, answers a challenge, and ends the call once it is answered. */
  async #callFor(domain: string, application: Application, caller: RawCaller): Promise<Outcome> {
    const user = userOf(application, this.#bench.facts);
    const uri = `sip:${user}@${domain}`;
    const first = inviteLines(caller, uri);
    const answer = (await caller.timed(first))?.answer;
    const challenge = answer && digestChallengeIn(answer);
    const nonce = challenge?.parameters.get('nonce');
    const challengedFor = challenge?.parameters.get('realm');
    if (nonce === undefined || challengedFor === undefined)
      return { isAnswered: false, callIds: first.callIds, challengedFor };
    const password = passwordOf(application);
    const digest = { username: user, realm: challengedFor, password, method: 'INVITE', uri, nonce };
    const invite = inviteLines(caller, uri, `Proxy-Authorization: ${digestCredentials(digest)}`);
    const isAnswered = await isCallAnswered(caller, invite);
    return { isAnswered, callIds: invite.callIds, challengedFor };
  }

  /** Where the call was delivered to. */
  async #delivery({ isAnswered, callIds }: Outcome, caller: RawCaller): Promise<readonly string[]> {
    const { facts, witnesses } = this.#bench;
    const { voicePlatform, capture } = witnesses;
    if (!voicePlatform || unclaimed(facts.descriptor, 'downstream-sip') !== undefined) return [];
    const isDelivered = (): boolean => callIds.some((callId) => voicePlatform.messages(callId).length > 0);
    if (isDelivered()) return [];
    await caller.alive();
    await capture?.settle();
    if (isDelivered()) return [];
    const { endpoint } = voicePlatform;
    const seen = capture?.messages({ callId: callIds }) ?? [];
    const elsewhere = seen.findLast(
      (message) => message.method === 'INVITE' && isSentOn(message, caller.local, endpoint),
    )?.destination;
    // Whoever answers may be a part of the target.
    if (elsewhere && !seen.some(({ source }) => isSame(source, elsewhere))) {
      throw new DescriptorMistake(
        `the target delivered a call to ${inWords(elsewhere)}, where nobody answers, and the voice platform's stand-in listens at ` +
          `${inWords(endpoint)}. Change the descriptor's platform, or where the target delivers to.`,
        [this.#inPlace('platform')],
      );
    }
    const came = isAnswered ? 'was answered' : 'was not answered either';
    return [
      `a call with its password did not come to the voice platform's stand-in at ${inWords(endpoint)} and ${came}. If that ` +
        `is not the target's mistake: does it deliver there (places.${facts.placeName}.platform)?`,
    ];
  }

  /** Removes the application; that this succeeds is a rule. */
  async remove({ id }: Application): Promise<void> {
    await this.#api.attempt({ method: 'DELETE', applicationId: id }).catch(orNothing);
  }
}

const WHERE_IS_IT = 'Does the target listen there, and is the URL right?';

/** What may be wrong where an application is refused with this status, and which fields say so. */
const MENDS: ReadonlyMap<number | undefined, readonly [mend: string, ...fields: ('account' | 'tokenUrl')[]]> =
  new Map([
    [
      401,
      ['The API takes no token of this token endpoint: is that the one of the same deployment?', 'tokenUrl'],
    ],
    [403, ['Is this the account of the client that the variables name?', 'account']],
    [404, ['Is this where the API begins, and is there such an account?', 'account']],
  ]);

/** For what is a rule's to judge: where the harness cannot go on, it goes without. */
function orNothing(error: unknown): undefined {
  if (!(error instanceof HarnessError)) throw error;
  return undefined;
}

function inviteLines(caller: RawCaller, uri: string, ...others: readonly string[]): RawLines {
  return caller.lines({ method: 'INVITE', uri, to: `<${uri}>`, others });
}

async function isCallAnswered(caller: RawCaller, invite: RawLines): Promise<boolean> {
  try {
    const call = await RawCall.until(200, caller, invite);
    await call.ask('BYE');
    return true;
  } catch (error) {
    if (error instanceof BrokenPrecondition) return false;
    throw error;
  }
}

function digestChallengeIn(answer: WireMessage): ReturnType<typeof readChallenge> | undefined {
  return ['Proxy-Authenticate', 'WWW-Authenticate']
    .flatMap((name) => answer.all(name))
    .map(readChallenge)
    .find(({ scheme }) => scheme === 'digest');
}

/** Whether neither the caller nor the stand-in has sent it, nor is it for either of them. */
function isSentOn({ source, destination }: WireMessage, ...ours: readonly Endpoint[]): boolean {
  return !ours.some((one) => isSame(one, source) || isSame(one, destination));
}

function isSame(one: Endpoint, other: Endpoint): boolean {
  return one.address === other.address && one.port === other.port;
}

function inWords({ address, port }: Endpoint): string {
  return `${address}:${port}`;
}
