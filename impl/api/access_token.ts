import { hash } from 'node:crypto';

import { errors, jwtVerify, SignJWT, type JWTHeaderParameters } from 'jose';
import { z } from 'zod';

import type { ClientRepository, TokenKey, TokenKeyRepository } from '../store/store.ts';

const ALGORITHM = 'HS256';
const KEY_BYTES = 32;
const KID_BYTES = 8;
/** How many verified tokens are remembered at a time. */
const MOST_VERIFIED = 10_000;
const claimsSchema = z.object({
  sub: z.string(),
  accounts: z.array(z.string()),
  secret_id: z.string(),
  exp: z.number(),
});

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
  /** The token's bearer, or why the token is refused. */
  read(token: string): Promise<Bearer | 'expired' | 'invalid'>;
}

/** The claims of a token whose signature was right, and the key that signed it. */
interface Verified extends z.infer<typeof claimsSchema> {
  readonly kid: string;
}

/** A new random key, not yet stored. */
export function freshTokenKey(randomBytes: (size: number) => Buffer): TokenKey {
  return { kid: randomBytes(KID_BYTES).toString('hex'), secret: randomBytes(KEY_BYTES) };
}

/** Access tokens with the claims accounts, secret_id, sub, iat, exp and jti, and the key's name as kid. */
export function accessTokens(options: AccessTokenOptions): AccessTokens {
  const { keys, clients, lifetimeSeconds, now, newUuid, randomBytes } = options;

  const verified = new VerifiedTokens();

  const keyOf = async ({ kid }: JWTHeaderParameters): Promise<Buffer> => {
    const key = typeof kid === 'string' ? await keys.get(kid) : undefined;
    if (key === undefined) throw new errors.JWKSNoMatchingKey();
    return key.secret;
  };

  const verify = async (token: string): Promise<Verified | undefined> => {
    const { payload, protectedHeader } = await jwtVerify(token, keyOf, {
      algorithms: [ALGORITHM],
      currentDate: new Date(now()),
      requiredClaims: ['sub', 'exp', 'iat', 'jti', 'accounts', 'secret_id'],
    });
    const claims = claimsSchema.safeParse(payload);
    if (!claims.success) return undefined;
    const found = { ...claims.data, kid: protectedHeader.kid ?? '' };
    verified.add(token, found);
    return found;
  };

  return {
    lifetimeSeconds,

    async issue({ clientId, accounts, secretId }) {
      const { kid, secret } = await keys.current(() => freshTokenKey(randomBytes));
      const issuedAt = Math.floor(now() / 1000);
      return new SignJWT({ accounts: [...accounts], secret_id: secretId })
        .setProtectedHeader({ alg: ALGORITHM, typ: 'JWT', kid })
        .setSubject(clientId)
        .setIssuedAt(issuedAt)
        .setExpirationTime(issuedAt + lifetimeSeconds)
        .setJti(newUuid())
        .sign(secret);
    },

    async read(token) {
      try {
        const known = verified.get(token);
        if (known !== undefined && (await keys.get(known.kid)) === undefined) return 'invalid';
        if (known !== undefined && known.exp * 1000 <= now()) return 'expired';
        const claims = known ?? (await verify(token));
        if (claims === undefined) return 'invalid';
        const { sub, accounts, secret_id } = claims;
        const client = await clients.ofSecret(secret_id);
        if (client?.clientId !== sub || !accounts.includes(client.accountId)) return 'invalid';
        return { clientId: sub, accounts: [client.accountId] };
      } catch (error) {
        if (error instanceof errors.JWTExpired) return 'expired';
        if (error instanceof errors.JOSEError) return 'invalid';
        throw error;
      }
    },
  };
}

/**
 * Claims of tokens whose signature was right once, by the token's hash: a client sends the same token with every
 * call. Key and secret are still checked at each use.
 */
class VerifiedTokens {
  readonly #claims = new Map<string, Verified>();

  get(token: string): Verified | undefined {
    return this.#claims.get(hash('sha256', token));
  }

  /** Drops the oldest token when full. */
  add(token: string, claims: Verified): void {
    if (this.#claims.size >= MOST_VERIFIED) {
      const [oldest] = this.#claims.keys();
      if (oldest !== undefined) this.#claims.delete(oldest);
    }
    this.#claims.set(hash('sha256', token), claims);
  }
}
