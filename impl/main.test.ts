import assert from 'node:assert/strict';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';

import { RunningMain } from './testing/running_main.ts';

const PORTS = { VOICE_EDGE_API_PORT: '0', VOICE_EDGE_SIP_PORT: '0' };

async function assertRefused(environment: Record<string, string>, flags: string[], message: RegExp) {
  const run = new RunningMain(environment, flags);
  assert.equal(await run.ended, 2, run.stderr);
  assert.match(run.stderr, message);
  assert.equal(run.stderr.trimEnd().split('\n').length, 1, run.stderr);
  assert.equal(run.stdout, '');
}

describe('main', () => {
  let directory: string;
  before(() => {
    directory = mkdtempSync(join(tmpdir(), 'main-'));
  });
  after(() => rmSync(directory, { recursive: true }));

  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    test(`prints ready, serves, logs one JSON object per line, and ends with 0 on ${signal}`, async () => {
      const run = new RunningMain({ ...PORTS, VOICE_EDGE_DATABASE: join(directory, `${signal}.db`) });
      const url = await run.ready();
      assert.equal((await fetch(`${url}/health/ready`)).status, 200);
      assert.equal((await fetch(`${url}/v2`)).status, 404);
      run.child.kill(signal);
      assert.equal(await run.ended, 0, run.stderr);
      const events = run.logged().map(({ event }) => event);
      assert.ok(events.includes('api.request'), run.stdout);
      assert.deepEqual([events.at(0), events.at(-1)], ['api.request', 'system.stopped']);
    });
  }

  test('shows the client it made on stderr, once, and that client gets a token', async () => {
    const environment = { ...PORTS, VOICE_EDGE_DATABASE: join(directory, 'made.db') };
    const run = new RunningMain(environment);
    const url = await run.ready();
    const [, account, id, secret] = /account=(\S+) id=(\S+) secret=(\S+)\n/.exec(run.stderr) ?? [];
    assert.equal(account, '9900000');
    const answer = await fetch(`${url}/api/v1/oauth2/token`, {
      method: 'POST',
      headers: { authorization: `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}` },
      body: new URLSearchParams({ grant_type: 'client_credentials' }),
    });
    assert.equal(answer.status, 200);
    run.child.kill('SIGTERM');
    assert.equal(await run.ended, 0);
    assert.ok(secret !== undefined && !run.stdout.includes(secret));

    const again = new RunningMain(environment);
    await again.ready();
    again.child.kill('SIGTERM');
    assert.equal(await again.ended, 0);
    assert.equal(again.stderr, '');
  });

  test('takes a file after --config', async () => {
    const file = join(directory, 'edge.json');
    writeFileSync(file, JSON.stringify({ api: { port: 0 }, sip: { port: 0 } }));
    const run = new RunningMain({}, ['--config', file]);
    await run.ready();
    run.child.kill('SIGTERM');
    assert.equal(await run.ended, 0);
    assert.equal(run.logged()[0]?.['event'], 'store.in_memory');
  });

  test('explains itself with --help', async () => {
    const run = new RunningMain({}, ['--help']);
    assert.equal(await run.ended, 0);
    assert.match(run.stdout, /^Usage: [^]*VOICE_EDGE_SIP_PORT \(sip\.port\)/);
  });

  test('wrong flags, settings and files end with exit code 2 and one line each', async () => {
    await assertRefused({}, ['--cofnig', 'x'], /^Unknown option '--cofnig'.*--help/);
    await assertRefused({ VOICE_EDGE_SIP_PORT: 'x' }, [], /^VOICE_EDGE_SIP_PORT must be a port/);
    await assertRefused({}, ['--config', join(directory, 'none')], /none: cannot be read \(ENOENT\)/);
    const database = { ...PORTS, VOICE_EDGE_DATABASE: join(directory, 'no', 'such', 'folder.db') };
    await assertRefused(database, [], /folder\.db cannot be opened .* set VOICE_EDGE_DATABASE/);
    const text = join(directory, 'text.db');
    writeFileSync(text, 'this is no database'.repeat(100));
    await assertRefused(
      { ...PORTS, VOICE_EDGE_DATABASE: text },
      [],
      /text\.db cannot be opened .*not a database/,
    );
  });

  test('a taken port is named with advice, and nothing is left running', async (t) => {
    const tcp = createServer().listen(0, '127.0.0.1');
    t.after(() => tcp.close());
    await once(tcp, 'listening');
    const address = tcp.address();
    assert.ok(typeof address === 'object' && address !== null);
    const api = { ...PORTS, VOICE_EDGE_API_PORT: String(address.port) };
    await assertRefused(
      api,
      [],
      new RegExp(`^127\\.0\\.0\\.1:${address.port} is taken: .*VOICE_EDGE_API_PORT`),
    );

    const udp = createSocket('udp4').bind(0, '127.0.0.1');
    t.after(() => udp.close());
    await once(udp, 'listening');
    const { port } = udp.address();
    const sip = { ...PORTS, VOICE_EDGE_SIP_PORT: String(port) };
    await assertRefused(sip, [], new RegExp(`^127\\.0\\.0\\.1:${port}/udp is taken: .*VOICE_EDGE_SIP_PORT`));
  });
});
