import { errors, jwtVerify, SignJWT } from 'jose';
import { z } from 'zod';

const ALGORITHM = 'HS256';
const claimsSchema = z.object({ sub: z.string(), accounts: z.array(z.string()) });

/** Who a bearer token speaks for. */
interface Bearer {
  readonly clientId: string;
  readonly accounts: readonly string[];
}

export interface AccessTokenOptions {
  /** At least 32 bytes. */
  readonly key: Buffer;
  readonly lifetimeSeconds: number;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly newUuid: () => string;
}

/** Issues and reads access tokens: JWTs (RFC 7519) signed with a key of the store, so they outlive a restart. */
export interface AccessTokens {
  readonly lifetimeSeconds: number;
  issue(bearer: Bearer): Promise<string>;
  /** The token's bearer, or why it is none. */
  read(token: string): Promise<Bearer | 'expired' | 'invalid'>;
}

/** Access tokens with the claims accounts, sub, iat, exp and jti. */
export function accessTokens({ key, lifetimeSeconds, now, newUuid }: AccessTokenOptions): AccessTokens {
  return {
    lifetimeSeconds,

    issue({ clientId, accounts }) {
      const issuedAt = Math.floor(now() / 1000);
      return new SignJWT({ accounts: [...accounts] })
        .setProtectedHeader({ alg: ALGORITHM, typ: 'JWT' })
        .setSubject(clientId)
        .setIssuedAt(issuedAt)
        .setExpirationTime(issuedAt + lifetimeSeconds)
        .setJti(newUuid())
        .sign(key);
    },

    async read(token) {
      try {
        const { payload } = await jwtVerify(token, key, {
          algorithms: [ALGORITHM],
          currentDate: new Date(now()),
          requiredClaims: ['sub', 'exp', 'iat', 'jti', 'accounts'],
        });
        const claims = claimsSchema.safeParse(payload);
        return claims.success ? { clientId: claims.data.sub, accounts: claims.data.accounts } : 'invalid';
      } catch (error) {
        if (error instanceof errors.JWTExpired) return 'expired';
        if (error instanceof errors.JOSEError) return 'invalid';
        throw error;
      }
    },
  };
}
