import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';

import { ha1Of } from '../store/model/ha1.ts';
import {
  ACCOUNT,
  applicationsPath,
  CLIENT,
  DOMAIN,
  OTHER_ACCOUNT,
  OTHER_CLIENT,
  startTestApi,
  type Answer,
  type TestApi,
} from '../testing/loopback_api.ts';

const COLLECTION = applicationsPath(ACCOUNT);
const NEW = { applicationName: 'Mine', callInitiatedCallbackUrl: 'https://app.example/initiate' };
const ENABLE = { inboundSipCallsEnabled: true, passwordAuthEnabled: true };

let api: TestApi;
before(async () => {
  api = await startTestApi();
});
after(() => api.stop());

const patch = (id: string, json: unknown): Promise<Answer> => api.call('PATCH', id, { json });

async function patched(id: string, json: unknown) {
  const answer = await patch(id, json);
  assert.equal(answer.status, 200, answer.text);
  return answer.body.data;
}

async function shown(id: string) {
  const answer = await api.call('GET', id);
  assert.equal(answer.status, 200, answer.text);
  return answer.body.data;
}

/** A refusal's envelope: links, `data` null, and at least one complete error. */
function assertRefused(answer: Answer, status: number, fields?: string[]): void {
  assert.equal(answer.status, status, answer.text);
  assert.deepEqual(Object.keys(answer.body), ['links', 'data', 'errors']);
  assert.deepEqual([answer.body.links, answer.body.data], [[], null]);
  assert.ok(answer.body.errors.length > 0);
  for (const error of answer.body.errors) {
    assert.match(error.id, /^[0-9a-f-]{36}$/);
    assert.equal(error.code, String(status));
    assert.match(error.type, /^[a-z]+\.[a-z_]+$/);
    assert.ok(error.description.length > 5);
    if (error.source.field !== undefined) assert.ok(error.description.startsWith(`${error.source.field}: `));
  }
  if (fields === undefined) return;
  assert.deepEqual(
    answer.body.errors.map((error: { source: { field?: string } }) => error.source.field),
    fields,
  );
}

describe('an application', () => {
  test('is created with its defaults, shown, and deleted', async () => {
    const created = await api.call('POST', COLLECTION, { json: NEW });
    assert.equal(created.status, 201, created.text);
    const { applicationId, ...rest } = created.body.data;
    assert.deepEqual(rest, {
      ...NEW,
      callInitiatedMethod: 'POST',
      callInitiatedFallbackUrl: null,
      callInitiatedFallbackMethod: 'POST',
      callInitiatedFallbackCreds: null,
      callStatusCallbackUrl: null,
      callStatusMethod: 'POST',
      callbackCreds: null,
      callbackTimeout: 15,
      sipUri: null,
      inboundSipCallsEnabled: false,
      passwordAuthEnabled: false,
      allowedSourceIps: [],
      allowedRegions: [],
    });
    assert.deepEqual([created.body.links, created.body.errors], [[], []]);
    assert.equal(created.headers.get('location'), applicationsPath(ACCOUNT, applicationId));
    assert.deepEqual(await shown(applicationId), created.body.data);

    const deleted = await api.call('DELETE', applicationId);
    assert.deepEqual([deleted.status, deleted.text], [204, '']);
    assertRefused(await api.call('GET', applicationId), 404);
    assertRefused(await api.call('DELETE', applicationId), 404);
  });

  test('needs a name and an http or https webhook', async () => {
    const refusals: [unknown, string[]][] = [
      [{}, ['applicationName', 'callInitiatedCallbackUrl']],
      [{ ...NEW, applicationName: ' ' }, ['applicationName']],
      [{ ...NEW, callInitiatedCallbackUrl: 'ftp://app.example/' }, ['callInitiatedCallbackUrl']],
      [{ ...NEW, callInitiatedCallbackUrl: '/relative' }, ['callInitiatedCallbackUrl']],
      [{ ...NEW, callInitiatedCallbackUrl: 'https://' }, ['callInitiatedCallbackUrl']],
      [
        { ...NEW, callbackTimeout: 26, callInitiatedMethod: 'PUT' },
        ['callInitiatedMethod', 'callbackTimeout'],
      ],
      [{ ...NEW, callbackCreds: { userId: 'u' } }, ['callbackCreds.password']],
    ];
    for (const [json, fields] of refusals) {
      assertRefused(await api.call('POST', COLLECTION, { json }), 400, fields);
    }
  });

  test('shows the user of webhook credentials, never the password', async () => {
    const callbackCreds = { userId: 'hook', password: 'hook-secret' };
    const json = { ...NEW, callbackCreds, callInitiatedFallbackCreds: callbackCreds };
    const created = await api.call('POST', COLLECTION, { json });
    assert.deepEqual(created.body.data.callbackCreds, { userId: 'hook' });
    assert.deepEqual(created.body.data.callInitiatedFallbackCreds, { userId: 'hook' });
    assert.ok(!(await api.call('GET', created.body.data.applicationId)).text.includes('hook-secret'));
  });

  test('is listed in pages that link to one another', async () => {
    const token = await api.token(OTHER_CLIENT);
    const path = applicationsPath(OTHER_ACCOUNT);
    for (const applicationName of ['A', 'B', 'C']) {
      await api.call('POST', path, { token, json: { ...NEW, applicationName } });
    }
    const first = await api.call('GET', `${path}?page=1&size=2`, { token });
    assert.deepEqual(first.body.page, { pageSize: 2, totalElements: 3, totalPages: 2, pageNumber: 1 });
    const next = first.body.links.find(({ rel }: { rel: string }) => rel === 'next');
    const second = await api.call('GET', next.href, { token });
    const names = [...first.body.data, ...second.body.data].map((data) => data.applicationName);
    assert.deepEqual(names, ['A', 'B', 'C']);
    const wrong = await api.call('GET', `${path}?size=0`, { token });
    assertRefused(wrong, 400);
    assert.deepEqual(wrong.body.errors[0].source, { parameter: 'size' });
  });
});

describe('inbound SIP', () => {
  test('is enabled with a password that is shown once', async () => {
    const id = await api.createApplication();
    const answer = await patch(id, { ...ENABLE, allowedRegions: ['US'] });
    const { data } = answer.body;
    const uri = /^sip:([0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12})@(.+)$/.exec(
      data.sipUri,
    );
    assert.deepEqual([uri?.[2], data.passwordAuthEnabled, data.allowedRegions], [DOMAIN, true, ['US']]);
    assert.match(data.sipAuthPassword, /^[A-Za-z0-9_-]{24}$/);
    assert.equal(answer.headers.get('cache-control'), 'no-store');

    const { sipAuthPassword, ...rest } = data;
    assert.deepEqual(await shown(id), rest);
    const stored = api.store.inbound.find(id);
    assert.deepEqual(stored?.credential, {
      applicationId: ha1Of(id, DOMAIN, sipAuthPassword),
      uriUser: ha1Of(uri?.[1] ?? '', DOMAIN, sipAuthPassword),
    });
  });

  test('a rotation and a change of sources hold once they are answered', async () => {
    const id = await api.createApplication();
    const enabled = await patched(id, ENABLE);
    const rotated = await patched(id, { passwordAuthEnabled: true });
    assert.notEqual(rotated.sipAuthPassword, enabled.sipAuthPassword);
    assert.equal(rotated.sipUri, enabled.sipUri);
    const { credential } = api.store.inbound.find(id) ?? {};
    assert.deepEqual(credential?.applicationId, ha1Of(id, DOMAIN, rotated.sipAuthPassword));

    const sources = await patched(id, { allowedSourceIps: ['198.51.100.5/32', '0.0.0.0/0'] });
    assert.equal('sipAuthPassword' in sources, false);
    assert.deepEqual(sources.allowedSourceIps, ['198.51.100.5/32', '0.0.0.0/0']);
    assert.deepEqual(api.store.inbound.find(id)?.allowedSources, [
      { network: 0xc6336405, mask: 0xffffffff },
      { network: 0, mask: 0 },
    ]);
    assert.deepEqual(api.store.inbound.find(id)?.credential, credential);

    const disabled = await patched(id, { inboundSipCallsEnabled: false });
    assert.equal(disabled.sipUri, null);
    assert.equal(api.store.inbound.find(id)?.inboundSipCallsEnabled, false);
    assert.equal(api.store.inbound.find(id)?.credential, null);
  });

  test('a refused patch changes nothing, and names every wrong value', async () => {
    const id = await api.createApplication();
    await patched(id, { ...ENABLE, allowedSourceIps: ['203.0.113.0/24'] });
    const unchanged = await shown(id);
    const answer = await patch(id, {
      applicationName: 'Renamed',
      passwordAuthEnabled: true,
      allowedRegions: ['EU', 'Atlantis'],
      allowedSourceIps: ['198.51.100.0/24', '192.168.1.5/24', '10.0.0.0/8'],
    });
    assertRefused(answer, 400, ['allowedSourceIps[1]', 'allowedSourceIps[2]', 'allowedRegions[1]']);
    assert.equal(
      answer.body.errors[0].description,
      'allowedSourceIps[1]: 192.168.1.5/24 has host bits set: the network is 192.168.1.0/24',
    );
    assert.deepEqual(await shown(id), unchanged);
  });

  test('fields that are unknown, read-only or of a wrong type are refused by name', async () => {
    const id = await api.createApplication();
    const refusals: [unknown, string[]][] = [
      [{ allowedSourceIps: ['203.0.113.0/24', 7, null] }, ['allowedSourceIps[1]', 'allowedSourceIps[2]']],
      [{ allowedSourceIps: '203.0.113.0/24' }, ['allowedSourceIps']],
      [{ passwordAuthEnabled: 'true' }, ['passwordAuthEnabled']],
      [{ inboundSipCallsEnabled: null }, ['inboundSipCallsEnabled']],
      [{ allowedRegions: [1] }, ['allowedRegions[0]']],
      [
        { sipUri: 'sip:a@b', sipAuthPassword: 'x', applicationId: id },
        ['sipUri', 'sipAuthPassword', 'applicationId'],
      ],
      [{ inboundSipCallEnabled: true }, ['inboundSipCallEnabled']],
      [{ callInitiatedCallbackUrl: null }, ['callInitiatedCallbackUrl']],
    ];
    for (const [json, fields] of refusals) assertRefused(await patch(id, json), 400, fields);
    const readOnly = await patch(id, { sipUri: null });
    assert.equal(readOnly.body.errors[0].type, 'field.read_only');
    const posted = await api.call('POST', COLLECTION, { json: { ...NEW, ...ENABLE, sipUri: 'x' } });
    assertRefused(posted, 400, ['inboundSipCallsEnabled', 'passwordAuthEnabled', 'sipUri']);
  });

  test('of two simultaneous patches the outcome is wholly one of them', async () => {
    const id = await api.createApplication();
    await patched(id, { ...ENABLE, allowedSourceIps: ['203.0.113.0/24'] });
    const a = {
      allowedSourceIps: ['198.51.100.1/32', '198.51.100.2/32'],
      allowedRegions: ['US'],
      passwordAuthEnabled: true,
    };
    const b = {
      allowedSourceIps: ['203.0.113.7/32'],
      allowedRegions: ['EU', 'US'],
      passwordAuthEnabled: true,
    };
    for (let round = 0; round < 10; round++) {
      const [first, second] = await Promise.all([patched(id, a), patched(id, b)]);
      const { allowedSourceIps, allowedRegions } = await shown(id);
      const won = allowedRegions.length === 1 ? { wish: a, data: first } : { wish: b, data: second };
      assert.deepEqual({ allowedSourceIps, allowedRegions, passwordAuthEnabled: true }, won.wish);
      const { credential } = api.store.inbound.find(id) ?? {};
      assert.deepEqual(credential?.applicationId, ha1Of(id, DOMAIN, won.data.sipAuthPassword));
    }
  });

  test('neither the database nor the log holds a password, a client secret or a token', async () => {
    const id = await api.createApplication();
    const { sipAuthPassword } = await patched(id, ENABLE);
    const token = await api.token();
    await api.call('GET', `${applicationsPath(ACCOUNT, id)}?access_token=${token}`, { token });
    const secrets = [sipAuthPassword, CLIENT.secret, OTHER_CLIENT.secret, token];
    const files = readdirSync(api.directory);
    assert.ok(files.includes('voice.db-wal'));
    for (const file of files) {
      const bytes = readFileSync(join(api.directory, file));
      for (const secret of secrets) assert.ok(!bytes.includes(secret), file);
    }
    const written = JSON.stringify(api.logs);
    assert.ok(written.includes(id));
    for (const secret of secrets) assert.ok(!written.includes(secret));
  });
});

/** A refusal without the id of its error. */
function told({ body, headers, status }: Answer) {
  const [{ id: _, ...error }] = body.errors;
  return { status, error, challenge: headers.get('www-authenticate') };
}

describe('a bearer token', () => {
  test('is required, with the challenge RFC 6750 asks for', async () => {
    const id = await api.createApplication();
    for (const [method, path] of [
      ['GET', id],
      ['PATCH', id],
      ['DELETE', id],
      ['GET', COLLECTION],
      ['POST', COLLECTION],
    ] as const) {
      const answer = await api.call(method, path, { token: null });
      assertRefused(answer, 401);
      assert.equal(answer.headers.get('www-authenticate'), 'Bearer realm="voice-applications"');
    }
    assert.equal((await api.call('GET', id)).status, 200);
  });

  test('is refused if it is garbage or of another scheme', async () => {
    const id = await api.createApplication();
    const token = await api.token();
    for (const malformed of ['', 'a b', `${token} ${token}`, '"quoted"']) {
      assertRefused(await api.call('GET', id, { token: malformed }), 401);
    }
    for (const garbage of ['garbage', `${token}x`]) {
      const answer = await api.call('GET', id, { token: garbage });
      assertRefused(answer, 401);
      assert.match(answer.headers.get('www-authenticate') ?? '', /^Bearer .*error="invalid_token"/);
    }
    const basic = await api.call('GET', id, { token: null, headers: { authorization: `Basic ${token}` } });
    assertRefused(basic, 401);
    assert.match(basic.headers.get('www-authenticate') ?? '', /^Bearer/);
  });

  test('for another account gets 403, which reveals nothing about that account', async () => {
    const id = await api.createApplication();
    const token = await api.token(OTHER_CLIENT);
    const there = await api.call('GET', id, { token });
    assertRefused(there, 403);
    assert.deepEqual(told(await api.call('GET', randomUUID(), { token })), told(there));
    assert.deepEqual(told(await api.call('GET', applicationsPath('no-account', id), { token })), told(there));
    assertRefused(await api.call('GET', applicationsPath(OTHER_ACCOUNT, id), { token }), 404);
    assertRefused(await api.call('DELETE', applicationsPath(OTHER_ACCOUNT, id), { token }), 404);
    assert.equal((await api.call('GET', id)).status, 200);
  });
});

test('an expired token is refused as invalid', async () => {
  const own = await startTestApi();
  try {
    const id = await own.createApplication();
    own.advance(3_600_000);
    const answer = await own.call('GET', id);
    assertRefused(answer, 401);
    assert.match(
      answer.headers.get('www-authenticate') ?? '',
      /error="invalid_token", error_description="the access token is not valid, or has expired"/,
    );
  } finally {
    await own.stop();
  }
});
