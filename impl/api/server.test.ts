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
    if (['CONNECT', 'OPTIONS', 'GET', 'HEAD', 'PATCH', 'DELETE'].includes(method)) continue;
    const answer = await methodAnswer(method, applicationsPath(ACCOUNT, id));
    assert.deepEqual(answer, { status: 405, allow: 'GET, PATCH, DELETE, HEAD, OPTIONS' }, method);
  }
  assert.equal((await methodAnswer('HEAD', applicationsPath(ACCOUNT, id))).status, 200);
});

describe('a DELETE without a body deletes, whatever content type it names (app.delete)', () => {
  const types = ['application/json', 'application/xml', 'text/plain; charset=utf-8', 'no media type'];
  const framings = ['', 'Content-Length: 0\r\n', 'Transfer-Encoding: chunked\r\n'];
  for (const type of ['', ...types.map((name) => `Content-Type: ${name}\r\n`)]) {
    for (const framing of framings) {
      test(JSON.stringify(type + framing), async () => {
        const doomed = await api.createApplication();
        const end = framing.startsWith('Transfer') ? '0\r\n\r\n' : '';
        const answer = await rawAnswer(
          `DELETE ${applicationsPath(ACCOUNT, doomed)} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n` +
            `Authorization: Bearer ${await api.token()}\r\n${type}${framing}\r\n${end}`,
        );
        assert.match(answer, /^HTTP\/1\.1 204 /);
        assert.equal((await api.call('GET', doomed)).status, 404);
      });
    }
  }

  test('and so does one with a body, which is not looked at', async () => {
    for (const raw of ['{}', '{', '<a/>']) {
      const doomed = await api.createApplication();
      const headers = { 'content-type': 'application/json' };
      assert.equal((await api.call('DELETE', doomed, { raw, headers })).status, 204, raw);
    }
  });
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

test('OPTIONS tells the methods, and of an application the types of a PATCH (app.patch.media-types)', async () => {
  const one = await api.call('OPTIONS', id);
  const told = ['allow', 'accept-patch'].map((name) => one.headers.get(name));
  assert.equal(one.status, 204);
  assert.deepEqual(told, [
    'GET, PATCH, DELETE, HEAD, OPTIONS',
    'application/json, application/merge-patch+json',
  ]);
  const all = await api.call('OPTIONS', applicationsPath(ACCOUNT));
  assert.deepEqual([all.status, all.headers.get('allow')], [204, 'GET, POST, HEAD, OPTIONS']);
  assert.equal(all.headers.get('accept-patch'), null);
  assert.equal((await api.call('OPTIONS', id, { token: null })).status, 401);
  assert.equal((await api.call('OPTIONS', randomUUID())).status, 404);
});

test('a PATCH may be a merge patch, and a type it cannot be names those it can', async () => {
  const raw = '{"applicationName":"merged"}';
  const typed = (type: string): CallOptions => ({ raw, headers: { 'content-type': type } });
  for (const type of ['application/merge-patch+json', 'Application/Merge-Patch+JSON; charset=utf-8']) {
    const answer = await api.call('PATCH', id, typed(type));
    assert.deepEqual([answer.status, answer.body.data?.applicationName], [200, 'merged'], type);
  }
  for (const type of ['application/json-patch+json', 'text/plain']) {
    const refused = await api.call('PATCH', id, typed(type));
    assert.equal(refused.status, 415, type);
    assert.equal(refused.headers.get('accept-patch'), 'application/json, application/merge-patch+json');
  }
  const posted = await api.call('POST', applicationsPath(ACCOUNT), typed('application/merge-patch+json'));
  assert.deepEqual([posted.status, posted.headers.get('accept-patch')], [415, null]);
});

test('CONNECT gets an envelope, and the connection is closed', async () => {
  for (const target of ['callbacks.example:443', '[2001:db8::1]:80']) {
    const answer = await rawAnswer(`CONNECT ${target} HTTP/1.1\r\nHost: x\r\n\r\n`);
    assert.match(answer, /^HTTP\/1\.1 405 [^]*\r\nAllow: [^]*"data":null/, target);
  }
  assert.ok(api.logs.some(({ event, code }) => event === 'api.unparsable' && code === 'CONNECT'));
});

function getHead(line: string): string {
  return `GET ${applicationsPath(ACCOUNT, id)} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n${line}\r\n\r\n`;
}

test('an expectation that cannot be met gets an envelope, and 100-continue is met', async () => {
  for (const value of ['the-unexpected', '200-ok', '100-continued'])
    assert.match(await rawAnswer(getHead(`Expect: ${value}`)), /^HTTP\/1\.1 417 [^]*"data":null/, value);
  const met = await rawAnswer(getHead('Expect: 100-continue'));
  assert.match(met, /^HTTP\/1\.1 100 Continue\r\n\r\nHTTP\/1\.1 401 /);
});

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
      '/v2/accounts/{accountId}/voice-applications/{applicationId}': ['get', 'delete', 'patch'],
      '/v2/accounts/{accountId}/voice-applications/{applicationId}/audit': ['get'],
    },
  );
  const { patch } = body.paths[applicationsPath('{accountId}', '{applicationId}')];
  assert.deepEqual(Object.keys(patch.requestBody.content), [
    'application/json',
    'application/merge-patch+json',
  ]);
  const page = await api.call('GET', '/docs/', { token: null });
  assert.equal(page.status, 200);
  assert.match(page.text, /<html/i);
});
