import { decodeJwt } from 'jose';

import { accessTokens } from '../../impl/api/access_token.ts';
import { apiOptions } from '../fault.ts';
import type { Fault } from '../fault.ts';

export default {
  id: 'altered-token-accepted',
  rule: 'oauth.bearer.required',
  sentence: 'The signature of a token is not looked at.',
  override: apiOptions(() => ({
    accessTokens(options) {
      const tokens = accessTokens(options);
      return {
        ...tokens,
        async read(token) {
          const bearer = await tokens.read(token);
          if (bearer !== 'invalid' || token.split('.').length !== 3) return bearer;
          const { sub = '', accounts } = decodeJwt<{ accounts: string[] }>(token);
          return { clientId: sub, accounts };
        },
      };
    },
  })),
} satisfies Fault;
