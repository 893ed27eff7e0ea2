import { accessTokens } from '../../impl/api/access_token.ts';
import type { Parts } from '../../impl/system.ts';
import { tokensReadOtherwise, unverified } from '../bearer_tokens.ts';
import { apiOptions, faultsOf } from '../fault.ts';
import { answersRewritten } from '../http.ts';
import { asksForToken } from '../requests.ts';

const NOBODY = 'nobody.';
/** What marks the token of a call that makes an application. */
const MAKER = '~maker';

const UNSIGNED = /^[\w-]+\.[\w-]+\.$/;

export default faultsOf('oauth.bearer.required', [
  {
    id: 'altered-token-accepted',
    sentence: 'The signature of a token is not checked.',
    override: apiOptions(() =>
      tokensReadOtherwise(async (token, read) => {
        const bearer = await read(token);
        return bearer === undefined && token.split('.').length === 3 ? unverified(token) : bearer;
      }),
    ),
  },
  {
    id: 'bad-token-400',
    sentence: 'A call with garbage as its token is refused with 400 instead of 401.',
    override: answersRewritten(({ request, reply, body }) => {
      const isNone = request.headers.authorization?.includes('.') === false;
      if (isNone && !asksForToken(request) && reply.statusCode === 401) void reply.code(400);
      return body;
    }),
  },
  {
    id: 'bearer-without-challenge',
    sentence: 'The refusal of a call without a good token has no WWW-Authenticate header.',
    override: answersRewritten(({ request, reply, body }) => {
      if (!asksForToken(request)) void reply.removeHeader('www-authenticate');
      return body;
    }),
  },
  {
    id: 'expired-token-accepted',
    sentence: 'A token never expires.',
    override: apiOptions(() => ({
      accessTokens(options) {
        const timeless = accessTokens({ ...options, now: () => 0 });
        return { ...accessTokens(options), read: (token) => timeless.read(token) };
      },
    })),
  },
  {
    id: 'made-with-old-token',
    sentence: 'A voice application can be made with a token that has expired.',
    override: apiOptions(() => ({
      hook(app) {
        app.addHook('onRequest', async ({ method, headers }) => {
          if (method === 'POST' && headers.authorization?.startsWith('Bearer ') === true)
            headers.authorization += MAKER;
        });
      },
      accessTokens(options) {
        const tokens = accessTokens(options);
        const timeless = accessTokens({ ...options, now: () => 0 });
        const read: typeof tokens.read = (token) =>
          token.endsWith(MAKER) ? timeless.read(token.slice(0, -MAKER.length)) : tokens.read(token);
        return { ...tokens, read };
      },
    })),
  },
  {
    id: 'made-without-token',
    sentence: 'A voice application can be made without a token.',
    override: apiOptions(() => ({
      hook(app) {
        app.addHook('onRequest', async ({ method, url, headers }) => {
          const [, accountId] = /^\/v2\/accounts\/(\w+)\/voice-applications$/.exec(url) ?? [];
          if (method === 'POST' && accountId !== undefined)
            headers.authorization ??= `Bearer ${NOBODY}${accountId}`;
        });
      },
      ...tokensReadOtherwise(async (token, read) =>
        token.startsWith(NOBODY)
          ? { clientId: 'nobody', accounts: [token.slice(NOBODY.length)] }
          : read(token),
      ),
    })),
  },
  {
    id: 'scheme-ignored',
    sentence: 'A good token is accepted under any scheme.',
    override: apiOptions(() => ({
      hook(app) {
        app.addHook('onRequest', async ({ url, headers }) => {
          const [, token] = /^\w+ (.+)$/.exec(headers.authorization ?? '') ?? [];
          if (!asksForToken({ url }) && token !== undefined) headers.authorization = `Bearer ${token}`;
        });
      },
    })),
  },
  {
    id: 'signature-of-used-token-unchecked',
    sentence: 'Once a token was accepted, it is good with any other signature.',
    override: usedTokensKnownBy((token) => token.slice(0, token.lastIndexOf('.'))),
  },
  {
    id: 'signature-of-used-token-enough',
    sentence: 'Once a token was accepted, its signature is good for any other claims.',
    override: usedTokensKnownBy((token) => token.slice(token.lastIndexOf('.'))),
  },
  {
    id: 'unsigned-token-accepted',
    sentence: 'An unsigned token is accepted.',
    override: apiOptions(() =>
      tokensReadOtherwise(async (token, read) => (UNSIGNED.test(token) ? unverified(token) : read(token))),
    ),
  },
  {
    id: 'used-token-never-expires',
    sentence: 'A token that was good once is good for ever.',
    override: apiOptions(() => {
      const good = new Map<string, ReturnType<typeof unverified>>();
      return tokensReadOtherwise(async (token, read) => {
        const bearer = good.get(token) ?? (await read(token));
        if (bearer !== undefined) good.set(token, bearer);
        return bearer;
      });
    }),
  },
]);

/** The API that takes a token unread if it shares `mark` with one that was accepted, and has as many parts. */
function usedTokensKnownBy(mark: (token: string) => string): Partial<Parts> {
  return apiOptions(() => {
    const accepted = new Map<string, ReturnType<typeof unverified>>();
    return tokensReadOtherwise(async (token, read) => {
      const bearer = await read(token);
      if (token.split('.').length !== 3) return bearer;
      if (bearer !== undefined) accepted.set(mark(token), bearer);
      return bearer ?? accepted.get(mark(token));
    });
  });
}
