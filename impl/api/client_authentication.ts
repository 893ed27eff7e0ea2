import { createHmac } from 'node:crypto';

import { Newest } from '../runtime/newest.ts';
import { Turns } from '../runtime/turns.ts';
import { secretHashOf, secretMatches } from '../store/model/secret_hash.ts';
import type { ClientRepository, OAuthClient } from '../store/store.ts';
import { AttemptLimit, attemptSource } from './attempt_limit.ts';
import { basicCredentials } from './basic_credentials.ts';

/** What {@link clientAuthentication} needs. */
export interface ClientAuthenticationOptions {
  readonly clients: Pick<ClientRepository, 'get' | 'ofSecret'>;
  /** Milliseconds of a clock that never goes back. */
  readonly now: () => number;
  readonly randomBytes: (size: number) => Buffer;
}

/** A client that has shown a good secret, and which secret that was. */
interface AuthenticatedClient extends Pick<OAuthClient, 'clientId' | 'accountId'> {
  readonly secretId: string;
}

/** How long the sender must wait before it may try again. Its credentials were not checked. */
interface TooManyAttempts {
  readonly retryAfterMs: number;
}

/** Failures remembered of one source before it must wait; ten a minute are forgotten. */
const PER_SOURCE = 20;
const PER_CLIENT = 40;
const FORGET_MS = 6_000;
/** The most sources, clients and recognised secrets kept, each: a few megabytes in all. */
const ENTRIES = 10_000;
/** How many attempts of one source may wait for their turn. */
const MAX_WAITING = 200;
const BUSY_MS = 1_000;

/**
 * Finds the client that sent an HTTP Basic Authorization header (RFC 6749 section 2.3.1); undefined if the header is
 * wrong. An unknown client and a wrong secret take the same time, so that nobody can tell them apart.
 *
 * Attempts of one source are limited (`AttemptLimit`) and checked one after another, so that each failure counts
 * before the next attempt. A secret that was good from the same source before is recognised without a hash and
 * without a limit: a guesser on the same address does not lock out a client.
 */
export async function clientAuthentication({ clients, now, randomBytes }: ClientAuthenticationOptions) {
  const limit = new AttemptLimit({
    perSource: PER_SOURCE,
    perClient: PER_CLIENT,
    forgetMs: FORGET_MS,
    entries: ENTRIES,
    now,
  });
  const recognised = new RecognisedSecrets(randomBytes(32));
  const turns = new Turns(MAX_WAITING);
  const nobodysHash = await secretHashOf(randomBytes(32).toString('base64'), randomBytes(16));

  const clientWith = async (secretId: string): Promise<AuthenticatedClient | undefined> => {
    const client = await clients.ofSecret(secretId);
    return client && { ...client, secretId };
  };

  return async (
    authorization: string | undefined,
    address: string,
  ): Promise<AuthenticatedClient | TooManyAttempts | undefined> => {
    const given = basicCredentials(authorization);
    if (given === undefined) return undefined;
    const { user: clientId, password: secret } = given;
    const source = attemptSource(address);
    const attempt = { source, clientId, secret };

    const recognisedClient = async (): Promise<AuthenticatedClient | undefined> => {
      const secretId = recognised.idOf(attempt);
      return secretId === undefined ? undefined : clientWith(secretId);
    };

    const known = await recognisedClient();
    if (known !== undefined) return known;
    const outcome = await turns.take(source, async () => {
      const justKnown = await recognisedClient();
      if (justKnown !== undefined) return justKnown;
      const retryAfterMs = limit.waitMs(source, clientId);
      if (retryAfterMs > 0) return { retryAfterMs };
      const secrets = (await clients.get(clientId))?.secrets ?? [];
      // Whoever has no secret takes as long as whoever has one.
      const hashes = secrets.length > 0 ? secrets.map(({ secretHash }) => secretHash) : [nobodysHash];
      const secretId = secrets[await matchingHash(secret, hashes)]?.secretId;
      if (secretId === undefined) {
        limit.failed(source, clientId);
        return undefined;
      }
      recognised.add(attempt, secretId);
      return clientWith(secretId);
    });
    return outcome === 'crowded' ? { retryAfterMs: BUSY_MS } : outcome;
  };
}

/** The index of the hash that is this secret's; -1 if none is. */
async function matchingHash(secret: string, hashes: readonly string[]): Promise<number> {
  // In parallel, so that two secrets in a rotation take no longer than one.
  const matches = await Promise.all(hashes.map((hash) => secretMatches(secret, hash)));
  return matches.indexOf(true);
}

interface Attempt {
  readonly source: string;
  readonly clientId: string;
  readonly secret: string;
}

/** Good secrets by source, as fingerprints under a key that never leaves this process. */
class RecognisedSecrets {
  readonly #key: Buffer;
  readonly #ids = new Newest<string, string>(ENTRIES);

  constructor(key: Buffer) {
    this.#key = key;
  }

  idOf(attempt: Attempt): string | undefined {
    return this.#ids.get(this.#fingerprint(attempt));
  }

  add(attempt: Attempt, secretId: string): void {
    this.#ids.set(this.#fingerprint(attempt), secretId);
  }

  #fingerprint({ source, clientId, secret }: Attempt): string {
    return createHmac('sha256', this.#key)
      .update(JSON.stringify([source, clientId, secret]))
      .digest('base64url');
  }
}
