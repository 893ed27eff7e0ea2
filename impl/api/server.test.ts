import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { METHODS, request } from 'node:http';
import { connect } from 'node:net';
import { after, before, describe, test } from 'node:test';

import {
  ACCOUNT,
  applicationsPath,
  OTHER_CLIENT,
  startTestApi,
  type CallOptions,
  type TestApi,
} from '../testing/loopback_api.ts';
import { BODY_LIMIT } from './server.ts';

let api: TestApi;
let id: string;
let foreign: string;
before(async () => {
  api = await startTestApi();
  id = await api.createApplication();
  foreign = await api.token(OTHER_CLIENT);
});
after(() => api.stop());

const WRONG_TYPE: CallOptions = { raw: '<a/>', headers: { 'content-type': 'application/xml' } };
const TOO_LARGE: CallOptions = {
  raw: ' '.repeat(BODY_LIMIT + 1),
  headers: { 'content-type': 'application/json' },
};
const MALFORMED: CallOptions = {
  raw: '{"allowedRegions": [',
  headers: { 'content-type': 'application/json' },
};

async function statusOf(method: string, path: string, options: CallOptions): Promise<number> {
  const answer = await api.call(method, path, options);
  assert.deepEqual(Object.keys(answer.body), ['links', 'data', 'errors']);
  assert.equal(answer.body.errors[0].code, String(answer.status));
  return answer.status;
}

describe('the first of several mistakes decides the answer (app.errors)', () => {
  test('in the order token, account, application, method, type, size, content', async () => {
    const unknown = randomUUID();
    const steps: [string, string, CallOptions, number][] = [
      ['PUT', unknown, { ...WRONG_TYPE, token: null }, 401],
      ['PUT', unknown, { ...WRONG_TYPE, token: foreign }, 403],
      ['PUT', unknown, WRONG_TYPE, 404],
      ['PATCH', unknown, WRONG_TYPE, 404],
      ['PATCH', unknown, TOO_LARGE, 404],
      ['PATCH', unknown, MALFORMED, 404],
      ['PUT', id, WRONG_TYPE, 405],
      ['PUT', id, TOO_LARGE, 405],
      ['PATCH', id, { ...TOO_LARGE, headers: { 'content-type': 'text/plain' } }, 415],
      ['PATCH', id, WRONG_TYPE, 415],
      ['PATCH', id, TOO_LARGE, 413],
      ['PATCH', id, MALFORMED, 400],
      ['PUT', applicationsPath(ACCOUNT), { ...WRONG_TYPE, token: null }, 401],
      ['POST', applicationsPath(ACCOUNT), { ...WRONG_TYPE, token: foreign }, 403],
      ['PATCH', applicationsPath(ACCOUNT), WRONG_TYPE, 405],
      ['POST', applicationsPath(ACCOUNT), WRONG_TYPE, 415],
      ['POST', applicationsPath(ACCOUNT), TOO_LARGE, 413],
    ];
    for (const [method, path, options, status] of steps) {
      assert.equal(await statusOf(method, path, options), status, `${method} ${path}`);
    }
  });

  test('a body of the maximum size is read', async () => {
    const raw = '{}'.padEnd(BODY_LIMIT);
    const answer = await api.call('PATCH', id, {
      raw,
      headers: { 'content-type': 'application/json; charset=utf-8' },
    });
    assert.equal(answer.status, 200, answer.text);
  });

  test('a body that is not a JSON object is refused', async () => {
    for (const raw of ['', '[]', 'null', '"x"', '7', '{"a":1}x', '{"__proto__":{"x":1}}', '\u0000']) {
      const answer = await api.call('PATCH', id, { raw, headers: { 'content-type': 'application/json' } });
      assert.equal(answer.status, 400, `${raw} ${answer.text}`);
      assert.ok(answer.body.errors[0].description.length > 10);
    }
    assert.equal((await api.call('PATCH', id)).status, 400);
  });
});

/** Sends any method node can send; fetch cannot send them all. */
async function methodAnswer(
  method: string,
  path: string,
): Promise<{ status: number; allow: string | undefined }> {
  const token = await api.token();
  const call = request(api.url + path, { method, headers: { authorization: `Bearer ${token}` } });
  call.end();
  const [answer] = await once(call, 'response');
  answer.resume();
  await once(answer, 'end');
  return { status: answer.statusCode, allow: answer.headers.allow };
}

test('a method the resource lacks gets 405 and Allow with those it has', async () => {
  for (const method of METHODS) {
    if (['CONNECT', 'GET', 'HEAD', 'PATCH', 'DELETE'].includes(method)) continue;
    const answer = await methodAnswer(method, applicationsPath(ACCOUNT, id));
    assert.deepEqual(answer, { status: 405, allow: 'GET, PATCH, DELETE, HEAD' }, method);
  }
  assert.equal((await methodAnswer('HEAD', applicationsPath(ACCOUNT, id))).status, 200);
});

async function rawAnswer(text: string): Promise<string> {
  const { hostname, port } = new URL(api.url);
  const socket = connect(Number(port), hostname).setEncoding('latin1');
  socket.write(text);
  let answer = '';
  socket.on('data', (chunk) => {
    answer += chunk;
  });
  await once(socket, 'close');
  return answer;
}

test('input that is not HTTP gets an envelope, and the connection is closed', async () => {
  const unknownMethod = await rawAnswer(`BREW ${applicationsPath(ACCOUNT, id)} HTTP/1.1\r\nHost: x\r\n\r\n`);
  assert.match(unknownMethod, /^HTTP\/1\.1 405 [^]*\r\nAllow: [^]*"data":null/);
  assert.match(await rawAnswer('OPTIONS sip:x@y SIP/2.0\r\n\r\n'), /^HTTP\/1\.1 400 [^]*"data":null/);
  const overflow = `GET / HTTP/1.1\r\nHost: x\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`;
  assert.match(await rawAnswer(overflow), /^HTTP\/1\.1 431 [^]*"data":null/);
  assert.match(
    await rawAnswer('GET /%zz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n'),
    /^HTTP\/1\.1 400 [^]*"data":null/,
  );
});

test('unknown paths are 404 in the envelope', async () => {
  for (const path of ['/', '/v2', '/v1/accounts/x', `${applicationsPath(ACCOUNT, id)}/more`]) {
    assert.equal(await statusOf('GET', path, {}), 404);
  }
});

describe('health', () => {
  test('is live and ready while the store answers', async () => {
    for (const state of ['live', 'ready']) {
      const answer = await api.call('GET', `/health/${state}`, { token: null });
      assert.deepEqual(
        [answer.status, answer.body],
        [200, { links: [], data: { status: state }, errors: [] }],
      );
    }
    assert.equal(await statusOf('POST', '/health/live', { token: null }), 405);
  });

  test('once the store is gone, is live but not ready, and calls fail cleanly', async () => {
    const own = await startTestApi();
    const application = await own.createApplication();
    await own.store.close();
    assert.equal((await own.call('GET', '/health/live')).status, 200);
    assert.equal((await own.call('GET', '/health/ready')).status, 503);
    const failed = await own.call('GET', application);
    assert.equal(failed.status, 500);
    assert.match(failed.body.errors[0].description, /^the service failed on request [0-9a-f-]{36}$/);
    assert.ok(own.logs.some(({ level, event }) => level === 'error' && event === 'api.failure'));
    await own.stop();
  });
});

test('the OpenAPI description names every path, and its page is served', async () => {
  const { body } = await api.call('GET', '/docs/json', { token: null });
  assert.equal(body.openapi, '3.1.0');
  assert.deepEqual(
    Object.fromEntries(Object.entries(body.paths).map(([path, item]) => [path, Object.keys(Object(item))])),
    {
      '/health/live': ['get'],
      '/health/ready': ['get'],
      '/api/v1/oauth2/token': ['post'],
      '/v2/accounts/{accountId}/voice-applications': ['post', 'get'],
      '/v2/accounts/{accountId}/voice-applications/{applicationId}': ['get', 'patch', 'delete'],
      '/v2/accounts/{accountId}/voice-applications/{applicationId}/audit': ['get'],
    },
  );
  const page = await api.call('GET', '/docs/', { token: null });
  assert.equal(page.status, 200);
  assert.match(page.text, /<html/i);
});
