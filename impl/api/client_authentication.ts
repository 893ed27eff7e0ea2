import { createHmac } from 'node:crypto';

import { secretHashOf, secretMatches } from '../store/model/secret_hash.ts';
import type { ClientRepository, OAuthClient } from '../store/store.ts';
import { AttemptLimit, attemptSource } from './attempt_limit.ts';
import { basicCredentials } from './basic_credentials.ts';

export interface ClientAuthenticationOptions {
  readonly clients: Pick<ClientRepository, 'get'>;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly randomBytes: (size: number) => Buffer;
}

/** A client that has shown a good secret, and which one. */
interface AuthenticatedClient {
  readonly client: OAuthClient;
  readonly secretId: string;
}

/** How long the caller has to wait before it may try again; nothing was looked at. */
interface TooManyAttempts {
  readonly retryAfterMs: number;
}

/** Failures one address may have at once; forgotten at ten a minute. */
const PER_SOURCE = 20;
const PER_CLIENT = 40;
const FORGET_MS = 6_000;
/** Of sources, clients and recognised secrets each: some megabytes at the most. */
const ENTRIES = 10_000;
/** Attempts of one source that may wait for their turn. */
const MAX_WAITING = 200;
const BUSY_MS = 1_000;

/**
 * Tells who sends an Authorization header of HTTP Basic (RFC 6749 section 2.3.1), or undefined for a wrong one, from
 * which nobody can tell an unknown client from a wrong secret: either costs the same time.
 *
 * Attempts of one source are looked at one after another, so that failures count before the next one is, and are
 * limited (`AttemptLimit`). A secret that was good before from the same source is recognised without a hash and
 * without a limit: who shares an address with a guesser goes on.
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
  const turns = new Turns();
  const nobodysHash = await secretHashOf(randomBytes(32).toString('hex'), randomBytes(16));

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
      const client = secretId === undefined ? undefined : await clients.get(clientId);
      const isGood = client?.secrets.some((one) => one.secretId === secretId) ?? false;
      return client !== undefined && secretId !== undefined && isGood ? { client, secretId } : undefined;
    };

    const known = await recognisedClient();
    if (known !== undefined) return known;
    const outcome = await turns.take(source, async () => {
      const justKnown = await recognisedClient();
      if (justKnown !== undefined) return justKnown;
      const retryAfterMs = limit.waitMs(source, clientId);
      if (retryAfterMs > 0) return { retryAfterMs };
      const client = await clients.get(clientId);
      const secretId = await matchingSecret(secret, client, nobodysHash);
      if (client === undefined || secretId === undefined) {
        limit.failed(source, clientId);
        return undefined;
      }
      recognised.add(attempt, secretId);
      return { client, secretId };
    });
    return outcome === 'crowded' ? { retryAfterMs: BUSY_MS } : outcome;
  };
}

async function matchingSecret(
  secret: string,
  client: OAuthClient | undefined,
  nobodysHash: string,
): Promise<string | undefined> {
  const secrets = client?.secrets ?? [];
  if (secrets.length === 0) {
    await secretMatches(secret, nobodysHash);
    return undefined;
  }
  // Side by side: two secrets in a rotation take no longer than one.
  const matches = await Promise.all(secrets.map(({ secretHash }) => secretMatches(secret, secretHash)));
  return secrets[matches.indexOf(true)]?.secretId;
}

interface Attempt {
  readonly source: string;
  readonly clientId: string;
  readonly secret: string;
}

/** Good secrets by where they came from, as fingerprints under a key that never leaves this process. */
class RecognisedSecrets {
  readonly #key: Buffer;
  readonly #ids = new Map<string, string>();

  constructor(key: Buffer) {
    this.#key = key;
  }

  idOf(attempt: Attempt): string | undefined {
    return this.#ids.get(this.#fingerprint(attempt));
  }

  add(attempt: Attempt, secretId: string): void {
    this.#ids.set(this.#fingerprint(attempt), secretId);
    if (this.#ids.size <= ENTRIES) return;
    const [oldest] = this.#ids.keys();
    if (oldest !== undefined) this.#ids.delete(oldest);
  }

  #fingerprint({ source, clientId, secret }: Attempt): string {
    return createHmac('sha256', this.#key)
      .update(JSON.stringify([source, clientId, secret]))
      .digest('base64url');
  }
}

/** One at a time for each key. */
class Turns {
  readonly #queues = new Map<string, { last: Promise<unknown>; waiting: number }>();

  /** Does the work when all before it under the same key is done; 'crowded', and no work, where too many wait. */
  async take<T>(key: string, work: () => Promise<T>): Promise<T | 'crowded'> {
    const queue = this.#queues.get(key) ?? { last: Promise.resolve(), waiting: 0 };
    if (queue.waiting >= MAX_WAITING) return 'crowded';
    this.#queues.set(key, queue);
    queue.waiting += 1;
    const mine = queue.last.then(work);
    queue.last = mine.catch(() => undefined);
    try {
      return await mine;
    } finally {
      queue.waiting -= 1;
      if (queue.waiting === 0) this.#queues.delete(key);
    }
  }
}
