import { decodeJwt } from 'jose';

import { accessTokens, type AccessTokens } from '../impl/api/access_token.ts';
import type { ApiOptions } from '../impl/api/server.ts';

type Read = AccessTokens['read'];

/** For `apiOptions`: `read` decides what a token is worth, and may ask the real one. */
export function tokensReadOtherwise(
  read: (token: string, real: Read) => ReturnType<Read>,
): Required<Pick<ApiOptions, 'accessTokens'>> {
  return {
    accessTokens(options) {
      const tokens = accessTokens(options);
      return { ...tokens, read: (token) => read(token, (one) => tokens.read(one)) };
    },
  };
}

/** Who a token says it is for; its signature is not checked. Throws if it is no JWT. */
export function unverified(token: string): NonNullable<Awaited<ReturnType<Read>>> {
  const { sub = '', accounts } = decodeJwt<{ accounts: string[] }>(token);
  return { clientId: sub, accounts };
}
