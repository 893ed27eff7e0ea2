import type { ApiOptions } from '../../impl/api/server.ts';
import type { VoiceApplication } from '../../impl/store/model/voice_application.ts';
import type { Parts } from '../../impl/system.ts';
import { tokensReadOtherwise } from '../bearer_tokens.ts';
import { apiOptions, faultsOf } from '../fault.ts';
import { answersRewritten } from '../http.ts';
import { namedIn } from '../requests.ts';

/** Who made a change that nobody asked for. */
const SOMEBODY = { clientId: 'somebody', requestId: '', sourceAddress: '' };

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
    override: accountsOpened((_own, _asked, method) => method === 'GET'),
  },
  {
    id: 'account-begins-with-own',
    sentence: 'A token opens every account whose id begins with that of its own.',
    override: accountsOpened((own, asked) => asked.startsWith(own)),
  },
  {
    id: 'own-account-begins-with-it',
    sentence: 'A token opens every account whose id its own begins with.',
    override: accountsOpened((own, asked) => own.startsWith(asked)),
  },
  {
    id: 'account-ends-with-own',
    sentence: 'A token opens every account whose id ends with that of its own.',
    override: accountsOpened((own, asked) => asked.endsWith(own)),
  },
  {
    id: 'own-account-ends-with-it',
    sentence: 'A token opens every account whose id its own ends with.',
    override: accountsOpened((own, asked) => own.endsWith(asked)),
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
  {
    id: 'foreign-application-read-as-own',
    sentence: 'An application of another account can be read under the own account.',
    override: apiOptions((options) => ({
      applications: {
        ...options.applications,
        get: async (accountId, applicationId) => {
          const own = await options.applications.get(accountId, applicationId);
          return own ?? ownedByAnybody(options, applicationId);
        },
      },
    })),
  },
  {
    id: 'foreign-application-changed-as-own',
    sentence: 'A change of an application of another account under the own account is refused, and done.',
    override: doneThoughRefused('PATCH', async ({ applications }, { accountId, applicationId }) => {
      await applications.update(
        accountId,
        applicationId,
        (current) => ({ next: { ...current, inbound: null } }),
        SOMEBODY,
      );
    }),
  },
  {
    id: 'foreign-application-deleted-as-own',
    sentence: 'A deletion of an application of another account under the own account is refused, and done.',
    override: doneThoughRefused('DELETE', async ({ applications }, { accountId, applicationId }) => {
      await applications.delete(accountId, applicationId, SOMEBODY);
    }),
  },
  {
    id: 'list-of-all-accounts',
    sentence: 'A list of applications shows those of every account.',
    override: apiOptions(({ applications, clients }) => ({
      applications: {
        ...applications,
        async list(accountId, offset, limit) {
          const own = await applications.list(accountId, offset, limit);
          const others = (await clients.list()).map((client) => client.accountId);
          const pages = await Promise.all(
            [...new Set(others)]
              .filter((other) => other !== accountId)
              .map((other) => applications.list(other, 0, limit)),
          );
          return { ...own, items: [...own.items, ...pages.flatMap(({ items }) => items)] };
        },
      },
    })),
  },
]);

/** The API where a token opens an account besides its own if `opens` says so. */
function accountsOpened(opens: (own: string, asked: string, method: string) => boolean): Partial<Parts> {
  return apiOptions(() => ({
    hook(app) {
      app.addHook('onRequest', async ({ method, url, headers }) => {
        const [, asked] = /^\/v2\/accounts\/(\w+)\//.exec(url) ?? [];
        if (asked !== undefined && headers.authorization !== undefined)
          headers.authorization += `~${asked}~${method}`;
      });
    },
    ...tokensReadOtherwise(async (text, read) => {
      const [token = '', asked = '', method = ''] = text.split('~');
      const bearer = await read(token);
      if (bearer === undefined || !bearer.accounts.some((own) => opens(own, asked, method))) return bearer;
      return { ...bearer, accounts: [...bearer.accounts, asked] };
    }),
  }));
}

/** The application, whichever account has it. */
async function ownedByAnybody(
  { applications, clients }: ApiOptions,
  applicationId: string,
): Promise<VoiceApplication | undefined> {
  const accounts = (await clients.list()).map(({ accountId }) => accountId);
  const found = await Promise.all(accounts.map((accountId) => applications.get(accountId, applicationId)));
  return found.find((application) => application !== undefined);
}

/** The API that refuses such a call about an application of another account, and does what it asks for. */
function doneThoughRefused(
  method: string,
  act: (options: ApiOptions, application: VoiceApplication) => Promise<void>,
): Partial<Parts> {
  return apiOptions((options) => ({
    hook(app) {
      app.addHook('onRequest', async (request) => {
        const { accountId, applicationId } = namedIn(request);
        if (request.method !== method) return;
        const application = await ownedByAnybody(options, applicationId);
        if (application !== undefined && application.accountId !== accountId) await act(options, application);
      });
    },
  }));
}
