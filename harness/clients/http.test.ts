import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { AnsweringServer, type Misanswer } from '../testing/answering_server.ts';
import { HarnessError } from '../verdict.ts';
import { HttpJournal } from './http.ts';

describe('HttpJournal', () => {
  test('sends what it is given and keeps every exchange in order', async () => {
    await using server = await AnsweringServer.start(({ method }) =>
      method === 'POST' ? { status: 201, body: { data: 1 } } : { status: 404, body: 'gone' },
    );
    const journal = new HttpJournal();
    const headers = { 'content-type': 'application/json' };
    const made = await journal.send({ method: 'POST', url: `${server.url}/a?b=c`, headers, body: '{"x":1}' });
    const read = await journal.send({ method: 'GET', url: `${server.url}/d` });
    assert.deepEqual(
      server.asked.map(({ method, url, body }) => [method, url, body]),
      [
        ['POST', '/a?b=c', '{"x":1}'],
        ['GET', '/d', ''],
      ],
    );
    assert.equal(made.status, 201);
    assert.deepEqual(made.json, { data: 1 });
    assert.equal(read.json, undefined);
    assert.equal(read.text, 'gone');
    assert.deepEqual(journal.answers, [made, read]);
  });

  test('follows no redirect: that is an answer to judge', async () => {
    await using server = await AnsweringServer.start(({ url }) => ({
      status: url === '/a' ? 302 : 200,
      body: {},
    }));
    assert.equal((await new HttpJournal().send({ method: 'GET', url: `${server.url}/a` })).status, 302);
  });

  test('says that no answer came where the connection is refused or broken', async () => {
    const server = await AnsweringServer.start(() => undefined);
    const get = (): Promise<unknown> => new HttpJournal().send({ method: 'GET', url: `${server.url}/x` });
    await assert.rejects(get(), (error) => {
      assert.ok(error instanceof HarnessError);
      assert.match(error.message, /^GET http:\/\/127\.0\.0\.1:\d+\/x got no answer: other side closed$/);
      return true;
    });
    await server[Symbol.asyncDispose]();
    await assert.rejects(get(), (error) => {
      assert.ok(error instanceof HarnessError);
      assert.match(error.message, /got no answer: connect ECONNREFUSED 127\.0\.0\.1:\d+$/);
      return true;
    });
  });

  const misanswers: readonly (readonly [misanswer: Misanswer, said: RegExp])[] = [
    ['silence', /^got no answer: none within 2 s$/],
    ['half-closed', /^got no answer: other side closed$/],
    ['half a head', /^got no answer: other side closed$/],
    ['half a body', /^was answered 200, but the body cannot be read: it broke off after 8 octets$/],
    ['a body that stays away', /^was answered 200, but the body cannot be read: it did not end within 2 s$/],
    ['no HTTP', /^got no answer: Parse Error: Expected HTTP/],
    ['no end', /^was answered 200, but the body cannot be read: it has more than 16777216 octets$/],
  ];
  describe('what is no answer, or no whole one', { concurrency: true }, () => {
    for (const [misanswer, said] of misanswers) {
      // A large body is sent by another client.
      for (const body of ['{}', new Uint8Array(2 * 1024 * 1024)]) {
        test(`says what came where that is "${misanswer}", to ${body.length} octets`, async () => {
          await using server = await AnsweringServer.start(() => misanswer);
          const journal = new HttpJournal(misanswer === 'no end' ? 30_000 : 2_000);
          const url = `${server.url}/x`;
          await assert.rejects(journal.send({ method: 'PATCH', url, body }), (error) => {
            assert.ok(error instanceof HarnessError);
            assert.equal(error.message.slice(0, url.length + 7), `PATCH ${url} `);
            assert.match(error.message.slice(url.length + 7), said);
            return true;
          });
          assert.deepEqual(journal.answers, []);
        });
      }
    }
  });

  test('refuses to send to the lab from outside of it', async () => {
    const sending = new HttpJournal().send({ method: 'GET', url: 'http://198.18.67.80:8080/' });
    await assert.rejects(sending, /refusing to send to the lab address 198\.18\.67\.80/);
  });
});

describe('the transcript', () => {
  test('is undefined where nothing was sent', () => assert.equal(new HttpJournal().transcript(), undefined));

  test('shows both sides of every exchange', async () => {
    await using server = await AnsweringServer.start(() => ({ status: 200, body: { name: 'x' } }));
    const journal = new HttpJournal();
    await journal.send({
      method: 'PATCH',
      url: `${server.url}/a`,
      headers: { accept: 'a/b' },
      body: '{"y":2}',
    });
    await journal.send({ method: 'GET', url: `${server.url}/b` });
    const lines = (journal.transcript() ?? '').split('\n');
    const wanted = [
      `> PATCH ${server.url}/a`,
      '> accept: a/b',
      '> {"y":2}',
      '< {"name":"x"}',
      `> GET ${server.url}/b`,
    ];
    for (const line of wanted) assert.ok(lines.includes(line), line);
    assert.equal(lines.filter((line) => /^< 200 \(\d+\.\d ms\)$/.test(line)).length, 2);
  });

  test('masks what it is told to hide, in the URL too', async () => {
    await using server = await AnsweringServer.start(({ url }) => ({ status: 404, body: `no ${url}` }));
    const journal = new HttpJournal();
    journal.hide('a secret/1');
    await journal.send({
      method: 'GET',
      url: `${server.url}/a%20secret%2F1?x=2`,
      headers: { x: 'a secret/1' },
    });
    assert.doesNotMatch(journal.transcript() ?? '', /secret/);
    assert.match(journal.transcript() ?? '', /\/••••••\?x=2/);
  });

  test('masks every secret, wherever it stands', async () => {
    const secrets = {
      sipAuthPassword: 'pw-"quoted\\one',
      access_token: 'tok-value',
      clientSecret: 'camel-value',
      client_secret: 'snake-value',
      password: 'plain-value',
    };
    await using server = await AnsweringServer.start(() => ({
      status: 200,
      body: { data: [{ deep: secrets }] },
    }));
    const journal = new HttpJournal();
    await journal.send({
      method: 'POST',
      url: `${server.url}/token`,
      headers: { Authorization: 'Basic c2VjcmV0LWhlYWRlcg==' },
      body: 'grant_type=client_credentials&client_secret=form-value&x=1',
    });
    await journal.send({
      method: 'POST',
      url: `${server.url}/b`,
      headers: { authorization: 'Bearer bearer-value' },
      body: JSON.stringify(secrets),
    });
    const text = journal.transcript() ?? '';
    const leaked = /pw-|quoted|one"|-value|c2VjcmV0/.exec(text);
    assert.equal(leaked, null, `"${leaked?.[0]}" leaked:\n${text}`);
    for (const shown of [
      'Basic ••••••',
      'Bearer ••••••',
      '"access_token":"••••••"',
      'client_secret=••••••&x=1',
      '"sipAuthPassword":"••••••"',
    ])
      assert.ok(text.includes(shown), `${shown} in\n${text}`);
  });

  test('cuts a long body, and masks a secret that the cut goes through', async () => {
    await using server = await AnsweringServer.start(() => ({ status: 200, body: {} }));
    const journal = new HttpJournal();
    const body = `${' '.repeat(19_960)}{"sipAuthPassword":"cut-value-${'x'.repeat(60)}"}`;
    await journal.send({ method: 'POST', url: `${server.url}/a`, body });
    await journal.send({ method: 'POST', url: `${server.url}/b`, body: new TextEncoder().encode(body) });
    const text = journal.transcript() ?? '';
    assert.ok(!text.includes('cut-value'), text.trim());
    assert.equal(text.split(`{"sipAuthPassword":"••••••"… (${body.length} in all)`).length, 3);
  });
});
