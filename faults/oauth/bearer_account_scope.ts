import { tokensReadOtherwise } from '../bearer_tokens.ts';
import { apiOptions, faultsOf } from '../fault.ts';
import { answersRewritten } from '../http.ts';

export default faultsOf('oauth.bearer.account-scope', [
  {
    id: 'foreign-account-404',
    sentence: 'A call with a token of another account is refused with 404 instead of 403.',
    collateral: { 'app.errors': 'a change in a foreign account is such a call' },
    override: answersRewritten(({ reply, body }) => {
      if (reply.statusCode === 403) void reply.code(404);
      return body;
    }),
  },
  {
    id: 'foreign-account-readable',
    sentence: 'With a token of any account the applications of every account can be read.',
    override: apiOptions(() => ({
      hook(app) {
        app.addHook('onRequest', async ({ method, url, headers }) => {
          const [, accountId] = /^\/v2\/accounts\/(\w+)\//.exec(url) ?? [];
          if (method === 'GET' && accountId !== undefined && headers.authorization !== undefined)
            headers.authorization += `~${accountId}`;
        });
      },
      ...tokensReadOtherwise(async (text, read) => {
        const [token = '', accountId] = text.split('~');
        const bearer = await read(token);
        if (typeof bearer === 'string' || accountId === undefined) return bearer;
        return { ...bearer, accounts: [...bearer.accounts, accountId] };
      }),
    })),
  },
  {
    id: 'foreign-account-told',
    sentence: 'A token of another account is refused with 404 where the account asked for does not exist.',
    collateral: {
      'app.errors': 'a change in a foreign account names one that does not exist',
    },
    override: apiOptions(({ clients }) => ({
      hook(app) {
        app.addHook('onSend', async ({ url }, reply, payload) => {
          const [, asked] = /^\/v2\/accounts\/(\w+)\//.exec(url) ?? [];
          const known = await clients.list();
          if (reply.statusCode === 403 && !known.some(({ accountId }) => accountId === asked))
            void reply.code(404);
          return payload;
        });
      },
    })),
  },
  {
    id: 'foreign-application-told',
    sentence: 'The refusal of a token of another account tells whether the application exists.',
    override: apiOptions(({ applications }) => ({
      hook(app) {
        app.addHook('onSend', async ({ url }, reply, payload) => {
          const [, accountId = '', applicationId = ''] =
            /^\/v2\/accounts\/(\w+)\/[^/]+\/([\w-]+)$/.exec(url) ?? [];
          if (reply.statusCode !== 403 || typeof payload !== 'string') return payload;
          const found = await applications.get(accountId, applicationId);
          return found === undefined ? payload.replace('for this account', 'for that') : payload;
        });
      },
    })),
  },
]);
