import { decodeJwt } from 'jose';

import { accessTokens } from '../../impl/api/access_token.ts';
import { apiOptions } from '../fault.ts';
import type { Fault } from '../fault.ts';

const UNSIGNED = /^[\w-]+\.[\w-]+\.$/;

export default {
  id: 'unsigned-token-accepted',
  rule: 'oauth.bearer.required',
  sentence: 'A token that says of itself that it is not signed is taken.',
  override: apiOptions(() => ({
    accessTokens(options) {
      const tokens = accessTokens(options);
      return {
        ...tokens,
        async read(token) {
          if (!UNSIGNED.test(token)) return tokens.read(token);
          const { sub = '', accounts } = decodeJwt<{ accounts: string[] }>(token);
          return { clientId: sub, accounts };
        },
      };
    },
  })),
} satisfies Fault;
