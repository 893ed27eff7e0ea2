import { errors, jwtVerify, SignJWT, type JWTHeaderParameters } from 'jose';
import { z } from 'zod';

import type { ClientRepository, TokenKey, TokenKeyRepository } from '../store/store.ts';

const ALGORITHM = 'HS256';
const KEY_BYTES = 32;
const KID_BYTES = 8;
const claimsSchema = z.object({ sub: z.string(), accounts: z.array(z.string()), secret_id: z.string() });

/** Who a bearer token speaks for. */
interface Bearer {
  readonly clientId: string;
  readonly accounts: readonly string[];
}

/** Who is given a token, and the name of the secret it is bought with. */
interface Buyer extends Bearer {
  readonly secretId: string;
}

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
 * Issues and reads access tokens: JWTs (RFC 7519) signed with the store's newest key, so they outlive a restart. A
 * token lives until its end, until its key is dropped, or until the secret it was bought with is dead, whichever
 * comes first; keys and secrets are looked up at each use, so another process's change holds at once.
 */
export interface AccessTokens {
  readonly lifetimeSeconds: number;
  issue(buyer: Buyer): Promise<string>;
  /** The token's bearer, or why it is none. */
  read(token: string): Promise<Bearer | 'expired' | 'invalid'>;
}

/** A key to sign with from now on. */
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
        const { payload } = await jwtVerify(token, keyOf, {
          algorithms: [ALGORITHM],
          currentDate: new Date(now()),
          requiredClaims: ['sub', 'exp', 'iat', 'jti', 'accounts', 'secret_id'],
        });
        const claims = claimsSchema.safeParse(payload);
        if (!claims.success) return 'invalid';
        const { sub, accounts, secret_id } = claims.data;
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
