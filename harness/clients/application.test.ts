import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { AnsweringServer, type Answer } from '../testing/answering_server.ts';
import { BrokenPrecondition } from '../verdict.ts';
import {
  createApplication,
  createEnabledApplication,
  formerPasswordOf,
  passwordOf,
  patchApplication,
  type Application,
} from './application.ts';
import { HttpJournal } from './http.ts';
import { ManagementClient } from './management.ts';
import { TokenSource } from './oauth.ts';

const TOKEN = { status: 200, body: { access_token: 'token', token_type: 'bearer', expires_in: 60 } };
const CREATED = { status: 201, body: { data: { applicationId: 'app/1' } } };

interface Service {
  readonly create?: Answer;
  readonly patch?: (body: unknown) => Answer;
}

/** A service that gives tokens, and answers POST and PATCH as told. */
function serve({ create = CREATED, patch }: Service): Promise<AnsweringServer> {
  return AnsweringServer.start(({ method, url, body }) => {
    if (url === '/token') return TOKEN;
    if (method === 'POST') return create;
    return method === 'PATCH' ? patch?.(JSON.parse(body)) : { status: 200, body: {} };
  });
}

function clientOf(server: AnsweringServer, base = server.url): ManagementClient {
  const tokens = new TokenSource(`${server.url}/token`, { id: 'i', secret: 's' });
  return new ManagementClient(new HttpJournal(), tokens, base, '9900000');
}

describe('ManagementClient', () => {
  test('asks the paths of the account, with the bearer token, JSON where there is a body', async () => {
    await using server = await serve({ patch: () => ({ status: 200, body: {} }) });
    const api = clientOf(server, `${server.url}/`);
    await api.create({ applicationName: 'n' });
    await api.get('a b/c');
    await api.patch('1', { x: 1 });
    await api.getWith('1', undefined);
    await api.getWith('1', 'Bearer other');
    await api.list();
    await api.delete('1');
    await api.send({ method: 'PUT', accountId: '7', contentType: 'a/b', body: 'x' });
    await api.send({ method: 'GET', applicationId: '1', withoutToken: true });
    const collection = '/v2/accounts/9900000/voice-applications';
    assert.deepEqual(
      server.asked
        .filter(({ url }) => url !== '/token')
        .map(({ method, url, headers, body }) => [
          method,
          url,
          headers.authorization,
          headers['content-type'],
          body,
        ]),
      [
        ['POST', collection, 'Bearer token', 'application/json', '{"applicationName":"n"}'],
        ['GET', `${collection}/a%20b%2Fc`, 'Bearer token', undefined, ''],
        ['PATCH', `${collection}/1`, 'Bearer token', 'application/json', '{"x":1}'],
        ['GET', `${collection}/1`, undefined, undefined, ''],
        ['GET', `${collection}/1`, 'Bearer other', undefined, ''],
        ['GET', collection, 'Bearer token', undefined, ''],
        ['DELETE', `${collection}/1`, 'Bearer token', undefined, ''],
        ['PUT', '/v2/accounts/7/voice-applications', 'Bearer token', 'a/b', 'x'],
        ['GET', `${collection}/1`, undefined, undefined, ''],
      ],
    );
  });
});

describe('createApplication', () => {
  test('gives the id, and neither SIP URI nor password', async () => {
    await using server = await serve({});
    assert.deepEqual(await createApplication(clientOf(server)), {
      id: 'app/1',
      uriUser: undefined,
      formerUriUsers: [],
      passwords: [],
      passwordUntold: undefined,
    });
  });

  test('says what the API answered where it makes none', async () => {
    const texts: string[] = [];
    for (const create of [
      { status: 403, body: {} },
      { status: 201, body: { data: {} } },
    ]) {
      await using server = await serve({ create });
      await assert.rejects(createApplication(clientOf(server)), (error) => {
        assert.ok(error instanceof BrokenPrecondition);
        texts.push(error.message.replace(server.url, 'URL'));
        return true;
      });
    }
    assert.deepEqual(texts, [
      'no application could be created: the API answered 403 (see the API exchange); that is for app.create to judge, ' +
        'and this rule cannot be judged without it',
      'POST URL/v2/accounts/9900000/voice-applications was answered 201 with {data: {}}: there is no applicationId ' +
        'in its data; that is for app.create to judge, and this rule cannot be judged without it',
    ]);
  });
});

const uri = (user: string): string => `sip:${user}@sip-uri.voice-api.example;transport=udp`;

describe('createApplication, where the answer deviates', () => {
  test('needs no more than a success and an id', async () => {
    for (const create of [
      { status: 200, body: { data: { applicationId: 'app/1' } } },
      { status: 202, body: { data: { applicationId: 'app/1' }, links: null, errors: null } },
      { status: 201, body: { applicationId: 'app/1' } },
      { status: 201, body: { data: [{ applicationId: 'app/1' }] } },
    ]) {
      await using server = await serve({ create });
      assert.equal((await createApplication(clientOf(server))).id, 'app/1');
    }
  });
});

describe('patchApplication', () => {
  test('records the SIP URI and those before it, every password in order, and that the URI is gone', async () => {
    const bodies = [
      { data: { sipUri: uri('u-1'), sipAuthPassword: 'p-1' } },
      { data: { sipUri: uri('u-1'), sipAuthPassword: 'p-2' } },
      { data: { allowedRegions: ['US'] } },
      { data: { sipUri: null } },
      { data: { sipUri: uri('u-2'), sipAuthPassword: 'p-3' } },
    ];
    await using server = await serve({ patch: () => ({ status: 200, body: bodies.shift() }) });
    const api = clientOf(server);
    const application = await createApplication(api);
    const seen: unknown[] = [];
    while (bodies.length > 0) {
      await patchApplication(api, application, {});
      seen.push([application.uriUser, application.formerUriUsers.join(), ...application.passwords]);
    }
    assert.deepEqual(seen, [
      ['u-1', '', 'p-1'],
      ['u-1', '', 'p-1', 'p-2'],
      ['u-1', '', 'p-1', 'p-2'],
      [undefined, 'u-1', 'p-1', 'p-2'],
      ['u-2', 'u-1', 'p-1', 'p-2', 'p-3'],
    ]);
  });

  test('keeps what it knows where the change was refused, and returns the refusal', async () => {
    await using server = await serve({ patch: () => ({ status: 400, body: { data: { sipUri: null } } }) });
    const api = clientOf(server);
    const application = {
      id: '1',
      uriUser: 'kept',
      formerUriUsers: [],
      passwords: ['p'],
      passwordUntold: undefined,
    };
    assert.equal((await patchApplication(api, application, {})).status, 400);
    assert.deepEqual(application, {
      id: '1',
      uriUser: 'kept',
      formerUriUsers: [],
      passwords: ['p'],
      passwordUntold: undefined,
    });
  });
});

describe('createEnabledApplication', () => {
  test('asks for what is wished', async () => {
    const asked: unknown[] = [];
    await using server = await serve({
      patch: (body) => (asked.push(body), { status: 200, body: { data: {} } }),
    });
    await createEnabledApplication(clientOf(server), { passwordAuthEnabled: true, allowedRegions: ['EU'] });
    assert.deepEqual(asked, [
      { inboundSipCallsEnabled: true, passwordAuthEnabled: true, allowedRegions: ['EU'] },
    ]);
  });

  test('says that it cannot be enabled', async () => {
    await using server = await serve({ patch: () => ({ status: 400, body: {} }) });
    await assert.rejects(
      createEnabledApplication(clientOf(server), { passwordAuthEnabled: true }),
      /^BrokenPrecondition: the application could not be enabled: the API answered 400 \(see the API exchange\); that is for app\.enable\.password to judge/,
    );
    await assert.rejects(
      createEnabledApplication(clientOf(server), { allowedSourceIps: ['0.0.0.0/0'] }),
      /that is for app\.enable\.ip-only to judge/,
    );
    await assert.rejects(
      createEnabledApplication(clientOf(server), {
        passwordAuthEnabled: true,
        allowedSourceIps: ['0.0.0.0/0'],
      }),
      /that is for app\.enable\.layered to judge/,
    );
  });
});

/** What comes of two changes that ask for a password: the first gives `p-1`, the second is answered so. */
async function rotated(second: Answer): Promise<Application> {
  let changes = 0;
  const first = { status: 200, body: { data: { sipUri: uri('u'), sipAuthPassword: 'p-1' } } };
  await using server = await serve({ patch: () => (changes++ === 0 ? first : second) });
  const api = clientOf(server);
  const application = await createApplication(api);
  for (const _ of [1, 2]) await patchApplication(api, application, { passwordAuthEnabled: true });
  return application;
}

describe('a change without a body', () => {
  test('is granted, and the SIP URI is read back', async () => {
    await using server = await AnsweringServer.start(({ method, url }) => {
      if (url === '/token') return TOKEN;
      if (method === 'POST') return CREATED;
      return method === 'PATCH' ? { status: 204 } : { status: 200, body: { data: { sipUri: uri('read') } } };
    });
    const application = await createEnabledApplication(clientOf(server), { allowedSourceIps: [] });
    assert.equal(application.uriUser, 'read');
    assert.throws(() => passwordOf(application), /^HarnessError: .*: the application was never given one$/);
  });
});

describe('passwordOf and formerPasswordOf', () => {
  test('give the last password and the one before', async () => {
    const application = await rotated({ status: 200, body: { data: { sipAuthPassword: 'p-2' } } });
    assert.deepEqual([passwordOf(application), formerPasswordOf(application)], ['p-2', 'p-1']);
  });

  test('know only the former one where a rotation told none, and say what came', async () => {
    const application = await rotated({ status: 200, body: { data: { sipUri: uri('u') } } });
    assert.equal(formerPasswordOf(application), 'p-1');
    assert.throws(
      () => passwordOf(application),
      /^BrokenPrecondition: nobody can call with a password: PATCH http:\S+ was answered 200 with \{data: \{sipUri\}\}: there is no sipAuthPassword in its data \(see the API exchange\); that is for app\.enable\.password to judge/,
    );
  });

  test('keep the password of an application whose rotation was refused', async () => {
    const application = await rotated({ status: 400, body: {} });
    assert.equal(passwordOf(application), 'p-1');
    assert.throws(() => formerPasswordOf(application), /the application had no other password before$/);
  });
});
