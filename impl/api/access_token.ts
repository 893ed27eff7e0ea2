import { errors, jwtVerify, SignJWT, type JWTHeaderParameters } from 'jose';
import { z } from 'zod';

import { remembered } from '../runtime/remembered.ts';
import type { ClientRepository, TokenKey, TokenKeyRepository } from '../store/store.ts';

const ALGORITHM = 'HS256';
const KEY_BYTES = 32;
const KID_BYTES = 8;
/** How many verified tokens are remembered at a time. */
const MOST_VERIFIED = 10_000;
/** What is read of a token whose signature was right: its claims, and the key that signed it. */
const verifiedSchema = z.object({
  kid: z.string(),
  accounts: z.array(z.string()),
  secret_id: z.string(),
  exp: z.number(),
});
type Verified = z.infer<typeof verifiedSchema>;

/** Who a bearer token speaks for. */
interface Bearer {
  readonly clientId: string;
  readonly accounts: readonly string[];
}

/** Who gets a token, and the id of the secret it is bought with. */
interface Buyer extends Bearer {
  readonly secretId: string;
}

/** What {@link accessTokens} needs. */
export interface AccessTokenOptions {
  readonly keys: Pick<TokenKeyRepository, 'current' | 'get'>;
  readonly clients: Pick<ClientRepository, 'ofSecret'>;
  readonly lifetimeSeconds: number;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly newUuid: () => string;
  readonly randomBytes: (size: number) => Buffer;
}

/**
 * Issues and reads access tokens: JWTs (RFC 7519) signed with the store's newest key. They survive a restart.
 * A token is good until it expires, its key is dropped, or the secret it was bought with dies. Each use looks up
 * key and secret, so that a change by another process holds at once.
 */
export interface AccessTokens {
  readonly lifetimeSeconds: number;
  issue(buyer: Buyer): Promise<string>;
  /** The token's bearer; undefined if the token is not good, or no longer. */
  read(token: string): Promise<Bearer | undefined>;
}

/** A new random key, not yet stored. */
export function freshTokenKey(randomBytes: (size: number) => Buffer): TokenKey {
  return { kid: randomBytes(KID_BYTES).toString('hex'), secret: randomBytes(KEY_BYTES) };
}

/** Access tokens with the claims accounts, secret_id, sub, iat, exp and jti, and the key's name as kid. */
export function accessTokens(options: AccessTokenOptions): AccessTokens {
  const { keys, clients, lifetimeSeconds, now, newUuid, randomBytes } = options;

  const keyOf = async ({ kid }: JWTHeaderParameters): Promise<Buffer> => {
    const key = typeof kid === 'string' ? await keys.get(kid) : undefined;
    if (key === undefined) throw new errors.JWKSNoMatchingKey();
    return key.secret;
  };

  const verify = async (token: string): Promise<Verified | undefined> => {
    try {
      const { payload, protectedHeader } = await jwtVerify(token, keyOf, {
        algorithms: [ALGORITHM],
        // A token expires between two uses as well: `read` checks that.
        currentDate: new Date(0),
      });
      return verifiedSchema.safeParse({ ...payload, ...protectedHeader }).data;
    } catch (error) {
      if (error instanceof errors.JOSEError) return undefined;
      throw error;
    }
  };

  // A client sends the same token with every call.
  const verified = remembered(verify, MOST_VERIFIED);

  return {
    lifetimeSeconds,

    async issue({ clientId, accounts, secretId }) {
      const { kid, secret } = await keys.current(() => freshTokenKey(randomBytes));
      const issuedAt = Math.floor(now() / 1000);
      return new SignJWT({ accounts: [...accounts], secret_id: secretId })
        .setProtectedHeader({ alg: ALGORITHM, kid })
        .setSubject(clientId)
        .setIssuedAt(issuedAt)
        .setExpirationTime(issuedAt + lifetimeSeconds)
        .setJti(newUuid())
        .sign(secret);
    },

    async read(token) {
      const claims = await verified(token);
      if (claims === undefined || claims.exp * 1000 <= now()) return undefined;
      if ((await keys.get(claims.kid)) === undefined) return undefined;
      const client = await clients.ofSecret(claims.secret_id);
      if (client === undefined || !claims.accounts.includes(client.accountId)) return undefined;
      return { clientId: client.clientId, accounts: [client.accountId] };
    },
  };
}
