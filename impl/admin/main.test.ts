import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { after, before, describe, test } from 'node:test';

import { decodeProtectedHeader } from 'jose';
import { z } from 'zod';

import { readConfig } from '../config/config.ts';
import type { LogEntry } from '../observe/log.ts';
import { startSystem, type System } from '../system.ts';

const CONFIGURED = { id: 'client-of-tests', secret: 'secret-of-the-tests' };
const tokenAnswer = z.object({ access_token: z.string() });

interface Ended {
  readonly code: unknown;
  readonly stdout: string;
  readonly stderr: string;
  /** The `name=value` lines of standard output. */
  readonly values: Readonly<Record<string, string>>;
}

async function admin(command: string, environment: Readonly<Record<string, string>> = {}): Promise<Ended> {
  const words = command === '' ? [] : command.split(' ');
  const child = spawn(process.execPath, ['impl/admin/main.ts', ...words], {
    env: { PATH: process.env['PATH'], ...environment },
  });
  const [stdout, stderr, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'exit'),
  ]);
  const values = Object.fromEntries(
    [...stdout.matchAll(/^([a-z-]+)=(\S+)$/gm)].map(([, name = '', value = '']) => [name, value]),
  );
  return { code, stdout, stderr, values };
}

describe('the administrative command beside a running service', () => {
  let directory: string;
  let system: System;
  let environment: Record<string, string>;
  const logs: LogEntry[] = [];
  const secrets: string[] = [];

  before(async () => {
    directory = mkdtempSync(join(tmpdir(), 'admin-'));
    environment = {
      VOICE_EDGE_API_PORT: '0',
      VOICE_EDGE_SIP_PORT: '0',
      VOICE_EDGE_DATABASE: join(directory, 'voice.db'),
      VOICE_EDGE_CLIENT_ID: CONFIGURED.id,
      VOICE_EDGE_CLIENT_SECRET: CONFIGURED.secret,
    };
    const config = readConfig(environment);
    assert.ok(!('problems' in config));
    system = await startSystem(config, { log: (entry) => logs.push(entry) });
  });
  after(async () => {
    await system.stop();
    rmSync(directory, { recursive: true });
  });

  /** Runs a command that must succeed, and remembers the secret it prints. */
  async function done(command: string): Promise<Ended> {
    const ended = await admin(command, environment);
    assert.equal(ended.code, 0, ended.stderr);
    const { secret } = ended.values;
    if (secret !== undefined) {
      assert.ok(!ended.stderr.includes(secret));
      secrets.push(secret);
    }
    return ended;
  }

  async function bought(id = '', secret = ''): Promise<string | number> {
    const response = await fetch(`${system.apiUrl}/api/v1/oauth2/token`, {
      method: 'POST',
      headers: { authorization: `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}` },
      body: new URLSearchParams({ grant_type: 'client_credentials' }),
    });
    const body: unknown = await response.json();
    return response.ok ? tokenAnswer.parse(body).access_token : response.status;
  }

  async function statusWith(token: string | number, account: string): Promise<number> {
    const url = `${system.apiUrl}/v2/accounts/${account}/voice-applications`;
    return (await fetch(url, { headers: { authorization: `Bearer ${token}` } })).status;
  }

  test('a new client at once gets tokens for its account, and for no other', async () => {
    const { values } = await done('client add --account 9900005 --id added');
    assert.deepEqual([values['account'], values['id']], ['9900005', 'added']);
    const token = await bought('added', values['secret']);
    assert.equal(await statusWith(token, '9900005'), 200);
    assert.equal(await statusWith(token, '9900000'), 403);
    assert.equal(await bought('added', CONFIGURED.secret), 401);
    const made = await done('client add --account 9900005');
    assert.match(made.values['id'] ?? '', /^client-[0-9a-f]{12}$/);
    const { stdout } = await done('client list --account 9900005');
    assert.match(stdout, /^id=added account=9900005 secret-since=\S+Z$/m);
    assert.equal(stdout.split('\n').length, 3);
    assert.match((await done('client list')).stdout, /^id=client-of-tests account=9900000 /m);
  });

  test('a rotation kills the former secret and its tokens at once', async () => {
    const first = (await done('client add --account 9900005 --id rotated')).values['secret'];
    const token = await bought('rotated', first);
    assert.equal(await statusWith(token, '9900005'), 200);
    const rotation = await done('client rotate rotated');
    assert.match(rotation.stderr, /the former secret and the tokens bought with it are dead/);
    assert.equal(await bought('rotated', first), 401);
    assert.equal(await statusWith(token, '9900005'), 401);
    const fresh = await bought('rotated', rotation.values['secret']);
    assert.equal(await statusWith(fresh, '9900005'), 200);
  });

  test('with an overlap both secrets are good; of three, the two newest', async () => {
    const first = (await done('client add --account 9900005 --id overlapped')).values['secret'];
    const token = await bought('overlapped', first);
    const second = (await done('client rotate overlapped --overlap 1h')).values['secret'];
    for (const secret of [first, second]) {
      assert.equal(await statusWith(await bought('overlapped', secret), '9900005'), 200);
    }
    assert.equal(await statusWith(token, '9900005'), 200);
    assert.match((await done('client list')).stdout, /^id=overlapped .* former-until=\S+Z$/m);
    const third = (await done('client rotate overlapped --overlap 2d')).values['secret'];
    assert.equal(await bought('overlapped', first), 401);
    assert.equal(await statusWith(token, '9900005'), 401);
    for (const secret of [second, third]) assert.equal(typeof (await bought('overlapped', secret)), 'string');
  });

  test('a removed client’s tokens die at once, and stay dead when its id is used again', async () => {
    const { secret } = (await done('client add --account 9900005 --id removed')).values;
    const token = await bought('removed', secret);
    await done('client remove removed');
    assert.equal(await statusWith(token, '9900005'), 401);
    assert.equal(await bought('removed', secret), 401);
    await done('client add --account 9900005 --id removed');
    assert.equal(await statusWith(token, '9900005'), 401);
  });

  test('after a roll the new key signs; tokens of the former key live until it is dropped', async () => {
    const old = await bought(CONFIGURED.id, CONFIGURED.secret);
    const { kid = '' } = (await done('key roll')).values;
    const afterwards = await bought(CONFIGURED.id, CONFIGURED.secret);
    assert.equal(decodeProtectedHeader(String(afterwards)).kid, kid);
    const former = decodeProtectedHeader(String(old)).kid;
    assert.notEqual(former, kid);
    assert.equal(await statusWith(old, '9900000'), 200);
    const { stdout } = await done('key list');
    assert.match(
      stdout,
      new RegExp(`^kid=${kid} since=\\S+ signs\nkid=${former} since=\\S+ good-until=\\S+\n$`),
    );
    await done(`key drop ${former}`);
    assert.equal(await statusWith(old, '9900000'), 401);
    assert.equal(await statusWith(afterwards, '9900000'), 200);
    await done('key roll --drop-former');
    assert.equal(await statusWith(afterwards, '9900000'), 401);
  });

  test('a change of a configured client is made, with a warning', async () => {
    const { stderr } = await done(`client rotate ${CONFIGURED.id} --overlap 10m`);
    assert.match(stderr, /the configuration names this client: put the new secret there/);
    assert.match((await done(`client remove ${CONFIGURED.id}`)).stderr, /take it out there/);
  });

  const refused: readonly (readonly [command: string, said: RegExp])[] = [
    ['client add --account 9900000 --id added', /^there is a client added already/],
    ['client rotate nobody', /^there is no client nobody: "client list"/],
    ['client remove nobody', /^there is no client nobody/],
    ['client rotate added --overlap soon', /^--overlap must be a time/],
    ['key drop nothing', /^there is no key nothing: "key list"/],
  ];
  test('a wrong command is refused with advice, and changes nothing', async () => {
    const { stdout: listed } = await done('client list');
    const { kid = '' } = (await done('key roll')).values;
    const signing = [`key drop ${kid}`, /is the key that signs: roll it first/] as const;
    for (const [command, said] of [...refused, signing]) {
      const { code, stdout, stderr } = await admin(command, environment);
      assert.deepEqual([code, stdout], [2, ''], command);
      assert.match(stderr, said, command);
      assert.ok(!stderr.includes('    at '), stderr);
    }
    assert.equal((await done('client list')).stdout, listed);
  });

  test('no secret is in the store or in the service’s log', () => {
    assert.ok(secrets.length > 8);
    const kept = readdirSync(directory).map((file) => readFileSync(join(directory, file)));
    for (const secret of secrets) {
      assert.ok(!kept.some((bytes) => bytes.includes(secret)));
      assert.ok(!JSON.stringify(logs).includes(secret));
    }
  });
});

describe('the administrative command without a service', () => {
  let directory: string;
  before(() => {
    directory = mkdtempSync(join(tmpdir(), 'admin-'));
  });
  after(() => rmSync(directory, { recursive: true }));

  test('explains itself', async () => {
    const { code, stdout, stderr } = await admin('--help');
    assert.deepEqual([code, stderr], [0, '']);
    for (const word of ['client add', 'client rotate', 'key roll', '--overlap'])
      assert.ok(stdout.includes(word));
  });

  test('cannot reach a store in memory, and makes no new store by mistake', async () => {
    const memory = await admin('client list');
    assert.equal(memory.code, 2);
    assert.match(memory.stderr, /^the store is in memory, .*VOICE_EDGE_DATABASE/);
    const database = join(directory, 'typo.db');
    for (const command of ['client list', 'key roll']) {
      const { code } = await admin(command, { VOICE_EDGE_DATABASE: database });
      assert.equal(code, 2, command);
      assert.equal(existsSync(database), false, command);
    }
  });

  test('can make the first client before the service ever ran, and says that the store is new', async () => {
    const database = join(directory, 'new.db');
    const { code, stderr } = await admin('client add --account 1', { VOICE_EDGE_DATABASE: database });
    assert.equal(code, 0);
    assert.match(stderr, /^made a new store, \S+new\.db$/m);
  });

  test('names a file that is not a store', async () => {
    const file = join(directory, 'text.db');
    writeFileSync(file, 'this is no database, but long enough to be taken for one '.repeat(20));
    const { code, stderr } = await admin('client list', { VOICE_EDGE_DATABASE: file });
    assert.equal(code, 1);
    assert.match(
      stderr,
      /text\.db cannot be used \(.*\): VOICE_EDGE_DATABASE must name the service's SQLite file/,
    );
    const folder = await admin('client list', { VOICE_EDGE_DATABASE: directory });
    assert.equal(folder.code, 1);
  });
});
