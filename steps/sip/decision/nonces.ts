import { setTimeout as delay } from 'node:timers/promises';

import { digestCredentials } from '../../../harness/clients/digest.ts';
import { challengeIn, finalOf, gotThrough } from '../../../harness/expect/attempts.ts';
import { must } from '../../../harness/expect/match.ts';
import type { Randomness } from '../../../harness/randomness.ts';
import type { RawCaller } from '../../../harness/traffic/raw_caller.ts';
import type { NamedLines, RawLines } from '../../../harness/traffic/raw_request.ts';
import { RuleViolation } from '../../../harness/verdict.ts';
import { OVER_LIFETIME_MS } from '../../hard/knock.ts';
import type { ConformanceWorld } from '../../world.ts';
import type { Identity } from './applications.ts';

/** Whoever writes requests and sees what comes of them: a caller over UDP or over TCP. */
export type Exchanger = Pick<RawCaller, 'local' | 'lines' | 'exchange'>;

/** Nonces that were issued to one caller, for calls to an application that asks for a password alone. */
export class IssuedNonces {
  /** Whatever is made up for this caller comes from it. */
  readonly randomness: Randomness;
  readonly #world: ConformanceWorld;
  readonly #caller: Exchanger;
  readonly #identity: Identity;

  constructor(world: ConformanceWorld, caller: Exchanger, identity: Identity, randomness: Randomness) {
    this.randomness = randomness;
    this.#world = world;
    this.#caller = caller;
    this.#identity = identity;
  }

  /** So many new ones. Throws a RuleViolation where a call without credentials is not challenged. */
  async fresh(count: number): Promise<string[]> {
    const requests = Array.from({ length: count }, (): NamedLines => ['without credentials', this.#invite()]);
    const attempts = await this.#caller.exchange(requests);
    return attempts.map((attempt) => {
      const nonce = challengeIn(finalOf(attempt))?.parameters.get('nonce');
      if (nonce === undefined)
        throw new RuleViolation(['a challenge with a nonce to answer'], 'none', 'the answer to the INVITE');
      return nonce;
    });
  }

  /** One that was issued now, once it is too old. */
  async old(): Promise<string> {
    const [nonce = ''] = await this.fresh(1);
    await delay(this.#world.parameters.descriptor.timeouts.nonceLifetime.ms + OVER_LIFETIME_MS);
    return nonce;
  }

  /** One whose first count was accepted. Throws a RuleViolation where it was not. */
  async used(): Promise<string> {
    const [nonce = ''] = await this.fresh(1);
    const invite = this.#invite();
    const credentials = proofLine({
      ...this.#identity,
      realm: this.#realm,
      uri: invite.uri,
      nonce,
      qop: 'auth',
    });
    const others = [...invite.others, credentials];
    const attempts = await this.#caller.exchange([['with its password', { ...invite, others }]]);
    for (const attempt of attempts) must(gotThrough(attempt));
    return nonce;
  }

  get #realm(): string {
    return this.#world.parameters.descriptor.realm;
  }

  #invite(): RawLines {
    const uri = `sip:${this.#identity.user}@${this.#realm}`;
    return this.#caller.lines({ method: 'INVITE', uri, to: `<${uri}>`, others: ['Subject: reject'] });
  }
}

/** What a caller proves itself with. */
export interface Proof extends Identity {
  readonly realm: string;
  readonly uri: string;
  readonly nonce: string;
  readonly qop: 'auth' | 'none';
}

/** The header line with this proof: an answer to the nonce that, with qop, uses its first count. */
export function proofLine({ user, password, realm, uri, nonce, qop }: Proof): string {
  const value = digestCredentials({
    username: user,
    realm,
    password,
    method: 'INVITE',
    uri,
    nonce,
    ...(qop === 'auth' ? { qop: { nonceCount: 1, clientNonce: 'c0ffee00' } } : {}),
  });
  return `Proxy-Authorization: ${value}`;
}
