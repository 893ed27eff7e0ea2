import assert from 'node:assert/strict';
import { once } from 'node:events';
import { request } from 'node:http';
import { after, before, test } from 'node:test';

import * as fc from 'fast-check';

import {
  ACCOUNT,
  applicationsPath,
  startTestApi,
  type Answer,
  type CallOptions,
  type TestApi,
} from '../testing/loopback_api.ts';

const JSON_TYPE = { 'content-type': 'application/json' };

let api: TestApi;
before(async () => {
  api = await startTestApi();
});
after(() => api.stop());

function errorFields({ body }: Answer): string[] {
  return body.errors.map(({ source }: { source: { field?: string } }) => source.field);
}

const fieldNames = ['inboundSipCallsEnabled', 'passwordAuthEnabled', 'allowedSourceIps', 'allowedRegions'];
const right = fc.record(
  {
    inboundSipCallsEnabled: fc.boolean(),
    passwordAuthEnabled: fc.boolean(),
    allowedSourceIps: fc.subarray(['203.0.113.0/24', '198.51.100.5/32', '0.0.0.0/0']),
    allowedRegions: fc.subarray(['US', 'EU']),
    applicationName: fc.constantFrom('One', 'Two'),
    callbackTimeout: fc.constantFrom(1, 25),
    callbackCreds: fc.constantFrom(null, { userId: 'u', password: 'p' }),
  },
  { requiredKeys: [] },
);
/** A field with a value of a wrong type, or a wrong value. */
const wrong = fc.oneof(
  fc.tuple(
    fc.constantFrom(...fieldNames),
    fc.constantFrom<unknown>(null, 7, 'true', '', {}, [null], [['US']]),
  ),
  fc.constantFrom<[string, unknown]>(
    ['allowedSourceIps', ['203.0.113.0/24', '10.0.0.0/8', 'x', '203.0.113.0/24']],
    ['allowedRegions', ['XX', 'US', 'us', 'US']],
    ['applicationName', ' '],
    ['applicationName', 'n'.repeat(300)],
    ['callInitiatedCallbackUrl', 'x'.repeat(3000)],
    ['callInitiatedCallbackUrl', null],
    ['callbackTimeout', 2.5],
    ['callbackCreds', { userId: '', more: 1 }],
    ['sipUri', 'sip:a@b'],
    ['allowedRegion', ['US']],
  ),
);
const anyPatch = fc
  .tuple(right, fc.array(wrong, { maxLength: 3 }))
  .map(([values, mistakes]): Record<string, unknown> => ({ ...values, ...Object.fromEntries(mistakes) }));

/** The field of the body that an error is about: `allowedSourceIps[3]` is about allowedSourceIps. */
function memberOf(field: string): string {
  return /^\w+/.exec(field)?.[0] ?? '';
}

test('a refused PATCH changes nothing, and each error names a different field that was sent', async () => {
  const id = await api.createApplication();
  const state = async (): Promise<unknown> => {
    const { status, body } = await api.call('GET', id);
    assert.equal(status, 200);
    return { shown: body.data, stored: api.store.inbound.find(id) };
  };
  const statuses = new Set<number>();
  const property = fc.asyncProperty(anyPatch, async (json) => {
    const former = await state();
    const answer = await api.call('PATCH', id, { json });
    statuses.add(answer.status);
    if (answer.status === 200) return;
    assert.equal(answer.status, 400, answer.text);
    const fields = errorFields(answer);
    assert.equal(new Set(fields).size, fields.length, answer.text);
    for (const field of fields) assert.ok(Object.hasOwn(json, memberOf(field)), `${field}: ${answer.text}`);
    assert.deepEqual(await state(), former);
  });
  await fc.assert(property, { numRuns: 300 });
  assert.deepEqual(
    [200, 400].filter((status) => statuses.has(status)),
    [200, 400],
  );
});

test('a field with two mistakes is reported once', async () => {
  const id = await api.createApplication();
  const answer = await api.call('PATCH', id, { json: { callInitiatedCallbackUrl: 'x'.repeat(3000) } });
  assert.deepEqual(errorFields(answer), ['callInitiatedCallbackUrl']);
});

/** As many list entries as a body within the size limit can have. */
function many(entry: string): string {
  return Array.from({ length: 60_000 / (entry.length + 1) }, () => entry).join();
}

test('with very many wrong fields the answer stays small and quotes no long name', async () => {
  const id = await api.createApplication();
  const unknown = Array.from({ length: 5_000 }, (_, index) => `"f${index}":1`).join();
  for (const raw of [
    `{"allowedSourceIps":[${many('7')}]}`,
    `{"allowedRegions":[${many('{}')}]}`,
    `{${unknown}}`,
    `{"${'k'.repeat(60_000)}":1}`,
    `{"applicationName":"${'n'.repeat(60_000)}"}`,
    `{"allowedSourceIps":["${'9'.repeat(60_000)}"]}`,
    `{"allowedRegions":["${'U'.repeat(60_000)}"]}`,
  ]) {
    const answer = await api.call('PATCH', id, { raw, headers: JSON_TYPE });
    assert.equal(answer.status, 400, raw.slice(0, 40));
    assert.ok(answer.text.length < 16_384, `${raw.slice(0, 40)}: ${answer.text.length}`);
  }
});

test('the deepest possible nesting and names of the prototype are refused like any wrong value', async () => {
  const id = await api.createApplication();
  const deep = '['.repeat(32_000) + ']'.repeat(32_000);
  const bodies: [string, string[]][] = [
    [`{"allowedSourceIps":${deep}}`, ['allowedSourceIps[0]']],
    [`{"inboundSipCallsEnabled":${deep}}`, ['inboundSipCallsEnabled']],
    [`{"depth":${deep}}`, ['depth']],
    ['{"toString":1}', ['toString']],
  ];
  for (const [raw, fields] of bodies) {
    const answer = await api.call('PATCH', id, { raw, headers: JSON_TYPE });
    assert.equal(answer.status, 400, answer.text);
    assert.deepEqual(errorFields(answer), fields);
  }
  for (const raw of [
    '{"__proto__":{"inboundSipCallsEnabled":true}}',
    '{"constructor":{"prototype":{}}}',
    deep,
  ]) {
    assert.equal((await api.call('PATCH', id, { raw, headers: JSON_TYPE })).status, 400, raw.slice(0, 40));
  }
  assert.equal((await api.call('GET', id)).status, 200);
});

test('a body that is not UTF-8 is malformed, and changes nothing', async () => {
  const id = await api.createApplication();
  const former = await api.call('GET', id);
  const response = await fetch(`${api.url}${applicationsPath(ACCOUNT, id)}`, {
    method: 'PATCH',
    headers: { ...JSON_TYPE, authorization: `Bearer ${await api.token()}` },
    body: new Uint8Array(Buffer.from('{"applicationName": "\xff\xfe"}', 'latin1')),
  });
  assert.equal(response.status, 400);
  assert.match(await response.text(), /"request\.malformed"/);
  assert.deepEqual((await api.call('GET', id)).body.data, former.body.data);
});

test('a text with a lone surrogate is refused by its field, and one with a pair is kept (app.text)', async () => {
  const id = await api.createApplication();
  const lone: [field: string, raw: string][] = [
    ['applicationName', '{"applicationName":"a\\ud800"}'],
    ['applicationName', '{"applicationName":"\\udc00\\ud800"}'],
    ['callInitiatedCallbackUrl', '{"callInitiatedCallbackUrl":"https://a.example/\\udfff"}'],
    ['callInitiatedFallbackUrl', '{"callInitiatedFallbackUrl":"https://a.example/\\udfff"}'],
    ['callbackCreds.userId', '{"callbackCreds":{"userId":"\\ud83d","password":"p"}}'],
    ['callbackCreds.password', '{"callbackCreds":{"userId":"u","password":"\\ud83d"}}'],
    [
      'allowedRegions[0]',
      '{"allowedRegions":["\\ud83d"],"passwordAuthEnabled":true,"inboundSipCallsEnabled":true}',
    ],
    ['callInitiatedMethod', '{"callInitiatedMethod":"\\ud83d"}'],
  ];
  const former = await api.call('GET', id);
  for (const [field, raw] of lone) {
    const answer = await api.call('PATCH', id, { raw, headers: JSON_TYPE });
    assert.equal(answer.status, 400, raw);
    assert.deepEqual(errorFields(answer), [field], answer.text);
  }
  assert.deepEqual((await api.call('GET', id)).body.data, former.body.data);
  const raw = '{"applicationName":"\\ud83d\\ude00"}';
  assert.equal((await api.call('PATCH', id, { raw, headers: JSON_TYPE })).status, 200);
  assert.equal((await api.call('GET', id)).body.data.applicationName, '\u{1f600}');
});

test('each callback URL that is not public is refused, at creation as at change (hard.callback-url)', async () => {
  const url = 'http://0xa9fea9fe/latest';
  const fields = ['callInitiatedCallbackUrl', 'callInitiatedFallbackUrl', 'callStatusCallbackUrl'];
  const id = await api.createApplication();
  const former = (await api.call('GET', id)).body.data;
  for (const field of fields) {
    const changed = await api.call('PATCH', id, { json: { [field]: url, applicationName: 'Changed' } });
    const made = await api.call('POST', applicationsPath(ACCOUNT), {
      json: { applicationName: 'New', callInitiatedCallbackUrl: 'https://app.example/', [field]: url },
    });
    for (const answer of [changed, made]) {
      assert.equal(answer.status, 400, answer.text);
      assert.deepEqual(errorFields(answer), [field]);
      assert.match(answer.body.errors[0].description, /169\.254\.169\.254, which is not public: Link Local/);
    }
  }
  const several = await api.call('PATCH', id, {
    json: { callStatusCallbackUrl: url, allowedSourceIps: ['10.0.0.0/8'], inboundSipCallsEnabled: true },
  });
  assert.deepEqual(errorFields(several), ['callStatusCallbackUrl', 'allowedSourceIps[0]']);
  assert.deepEqual((await api.call('GET', id)).body.data, former);
});

function jsonBody(raw: string): CallOptions {
  return { raw, headers: JSON_TYPE };
}

test('no refusal repeats what may be a secret in the wrong place (hard.secrets.leak)', async () => {
  const id = await api.createApplication();
  const secret = 'Zm9v-YmFyYmF6cXV4_NzQ0';
  const answers = [
    await api.call('GET', secret),
    await api.call('GET', `${secret}/audit`),
    await api.call('GET', `/${secret}`),
    await api.call('GET', `?page=${secret}`),
    await api.call('PATCH', id, jsonBody(`{"${secret}":1}`)),
    await api.call('PATCH', id, jsonBody(`{"callbackCreds":{"userId":"u","password":"p","${secret}":1}}`)),
    await api.call('PATCH', id, jsonBody(`{"applicationName":"${secret}`)),
    await api.call('PATCH', id, jsonBody(`{"allowedSourceIps":["${secret}"],"inboundSipCallsEnabled":true}`)),
    await api.call('PATCH', id, jsonBody(`{"callStatusCallbackUrl":"http://${secret}@10.0.0.1/"}`)),
    await api.call('PATCH', id, jsonBody(`{"callStatusMethod":"${secret}"}`)),
  ];
  for (const { status, text } of answers) {
    assert.ok(status === 400 || status === 404, text);
    assert.ok(!text.includes(secret), text);
  }
});

test('an unknown field is named where its name is one', async () => {
  const id = await api.createApplication();
  for (const name of ['allowedSourceIp', 'snake_case', 'field2']) {
    assert.deepEqual(errorFields(await api.call('PATCH', id, { json: { [name]: 1 } })), [name]);
  }
});

/** Announces a PATCH body of this length and sends none of it. Returns the Connection header of the 413. */
async function connectionAfter(id: string, length: number): Promise<string | undefined> {
  const patch = request(`${api.url}${applicationsPath(ACCOUNT, id)}`, {
    method: 'PATCH',
    headers: {
      ...JSON_TYPE,
      authorization: `Bearer ${await api.token()}`,
      'content-length': String(length),
    },
  });
  patch.on('error', () => undefined);
  patch.flushHeaders();
  const [answer] = await once(patch, 'response');
  assert.equal(answer.statusCode, 413);
  patch.destroy();
  return answer.headers.connection;
}

test('a client refused for the size of its body may still send it, up to a limit', async () => {
  const id = await api.createApplication();
  // HTTP/1.1 keeps a connection unless a Connection header closes it.
  assert.equal(await connectionAfter(id, 16 * 1024 * 1024), undefined);
  assert.equal(await connectionAfter(id, 16 * 1024 * 1024 + 1), 'close');
});
