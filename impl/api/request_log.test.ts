import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import { after, before, test } from 'node:test';

import { ACCOUNT, CLIENT, OTHER_CLIENT, startTestApi, type TestApi } from '../testing/loopback_api.ts';

let api: TestApi;
before(async () => {
  api = await startTestApi();
});
after(() => api.stop());

/** The log's lines about requests since the call before. */
function lines(): Record<string, unknown>[] {
  return api.logs.splice(0).filter(({ event }) => event === 'api.request');
}

test('a request is one line: who, from where, what, and the outcome', async () => {
  const id = await api.createApplication();
  lines();
  await api.call('GET', `${id}?token=do-not-log-this`);
  const [line, ...more] = lines();
  assert.deepEqual(more, []);
  const { request, milliseconds, ...rest } = line!;
  assert.match(String(request), /^[0-9a-f-]{36}$/);
  assert.ok(typeof milliseconds === 'number' && milliseconds >= 0);
  assert.deepEqual(rest, {
    level: 'info',
    event: 'api.request',
    method: 'GET',
    route: '/v2/accounts/:accountId/voice-applications/:applicationId',
    accountId: ACCOUNT,
    applicationId: id,
    client: CLIENT.id,
    source: '127.0.0.1',
    status: 200,
  });
});

test('a refused request names the client if its token is good', async () => {
  const foreign = await api.token(OTHER_CLIENT);
  lines();
  await api.call('GET', '', { token: foreign });
  await api.call('GET', '', { token: null });
  await api.call('GET', '/eyJhbGciOiJIUzI1NiJ9.somebodys.token', { token: null });
  const told = lines();
  assert.deepEqual(
    told.map(({ status, client }) => [status, client]),
    [
      [403, OTHER_CLIENT.id],
      [401, null],
      [404, null],
    ],
  );
  assert.ok(!JSON.stringify(told).includes('eyJ'));
});

test('ids are logged where the service knows them, and no secret that stands in their place', async () => {
  const id = await api.createApplication();
  const secret = 'b8a1c9e0-5d2f-4b7a-9c3e-0f1e2d3c4b5a';
  lines();
  await api.call('PATCH', id, { raw: '{', headers: { 'content-type': 'application/json' } });
  for (const method of ['GET', 'PATCH', 'DELETE', 'PUT', 'OPTIONS']) await api.call(method, secret);
  await api.call('GET', `${secret}/audit`);
  await api.call('GET', `/v2/accounts/${secret}/voice-applications/${secret}`);
  await api.call('GET', id, { token: null });
  const told = lines();
  assert.deepEqual(
    told.map(({ status, accountId, applicationId }) => [status, accountId, applicationId]),
    [
      [400, ACCOUNT, id],
      ...Array.from({ length: 6 }, () => [404, ACCOUNT, undefined]),
      [403, undefined, undefined],
      [401, undefined, undefined],
    ],
  );
  assert.ok(!JSON.stringify(told).includes(secret));
});

test('input that is not an HTTP request is logged and counted, but not quoted', async () => {
  const { hostname, port } = new URL(api.url);
  for (const text of ['OPTIONS sip:secret@client.example SIP/2.0\r\n\r\n', 'GET /%zz HTTP/1.0\r\n\r\n']) {
    const socket = connect(Number(port), hostname);
    socket.end(text);
    await once(socket.resume(), 'close');
  }
  const told = api.logs.splice(0).filter(({ event }) => event === 'api.unparsable');
  assert.deepEqual(
    told.map(({ code, source }) => [code, source]),
    [
      ['HPE_INVALID_URL', '127.0.0.1'],
      ['FST_ERR_BAD_URL', '127.0.0.1'],
    ],
  );
  assert.match((await api.call('GET', '/metrics')).text, /^voice_edge_api_unparsable_total 2$/m);
});

test('probes are logged at debug only, unless they fail', async () => {
  lines();
  for (const path of ['/health/live', '/health/ready', '/metrics']) await api.call('GET', path);
  await api.call('POST', '/health/live');
  assert.deepEqual(
    lines().map(({ level, status }) => [level, status]),
    [
      ['debug', 200],
      ['debug', 200],
      ['debug', 200],
      ['info', 405],
    ],
  );
});
