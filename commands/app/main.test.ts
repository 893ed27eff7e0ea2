import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import { CommandRun } from '../testing/command_run.ts';

const ID = 'client-of-tests';
const SECRET = 'not-a-real-secret';
const CREDENTIALS = { VOICE_EDGE_CLIENT_ID: ID, VOICE_EDGE_CLIENT_SECRET: SECRET };

async function ended(run: CommandRun): Promise<CommandRun & { code: number | null }> {
  const code = await run.ended;
  return Object.assign(run, { code });
}

describe('npm run app', () => {
  let reference: CommandRun;
  let api: string;
  before(async () => {
    reference = new CommandRun(process.execPath, ['impl/main.ts'], {
      ...CREDENTIALS,
      VOICE_EDGE_API_PORT: '0',
      VOICE_EDGE_SIP_PORT: '0',
    });
    await reference.says('\n');
    api = /^ready api=(\S+)/.exec(reference.stdout)?.[1] ?? '';
  });
  after(async () => {
    reference.child.kill('SIGTERM');
    await reference.ended;
  });

  const app = (...flags: string[]) =>
    ended(new CommandRun(process.execPath, ['commands/app/main.ts', ...flags, '--api', api], CREDENTIALS));
  const json = async (...flags: string[]) => {
    const run = await app(...flags, '--json');
    assert.equal(run.code, 0, run.stderr);
    return JSON.parse(run.stdout);
  };

  test('an application from create to delete', async () => {
    assert.equal((await app('list')).stdout, 'the account has no voice application\n');
    const made = await json('create', 'Front desk', '--callback', 'https://app.example/initiate');
    const id: string = made.applicationId;

    const enabled = await app('enable', id, '--password', '--sources', '203.0.113.0/25,198.51.100.5/32');
    assert.equal(enabled.code, 0, enabled.stderr);
    assert.match(enabled.stdout, /^sipUri +sip:[0-9a-f-]{36}@sip-uri\.voice-api\.example$/m);
    const password = /^sipAuthPassword +(\S+) {3}\(shown this once\)$/m.exec(enabled.stdout)?.[1];
    assert.ok(password);
    assert.match(enabled.stdout, /^allowedSourceIps +203\.0\.113\.0\/25, 198\.51\.100\.5\/32$/m);

    const shown = await json('show', id);
    assert.equal(shown.inboundSipCallsEnabled, true);
    assert.equal('sipAuthPassword' in shown, false);
    const rotated = await json('rotate', id);
    assert.notEqual(rotated.sipAuthPassword, password);
    const changed = await json('change', id, '--regions', 'US, EU', '--no-password');
    assert.deepEqual([changed.allowedRegions, changed.passwordAuthEnabled], [['US', 'EU'], false]);
    assert.match((await app('list')).stdout, new RegExp(`^${id}  on  sip:\\S+  Front desk\\n$`));

    assert.equal((await json('disable', id)).sipUri, null);
    assert.equal((await app('delete', id)).stdout, `deleted ${id}\n`);
    const gone = await app('show', id);
    assert.equal(gone.code, 1);
    assert.match(gone.stderr, /^app: 404: .*has no voice application/);
  });

  test('every reason of a refusal is printed, on stderr', async () => {
    const { applicationId } = await json('create', 'Refused', '--callback', 'https://app.example/initiate');
    const refused = await app('enable', applicationId, '--sources', '10.0.0.0/8,x', '--regions', 'MARS');
    assert.equal(refused.code, 1);
    assert.equal(refused.stdout, '');
    const lines = refused.stderr.trimEnd().split('\n');
    assert.equal(lines.length, 3, refused.stderr);
    for (const reason of [
      /^app: 400: allowedSourceIps\[0\]: 10\.0\.0\.0\/8 is not public: .*Private-Use/m,
      /^app: 400: allowedSourceIps\[1\]: .* has no prefix length/m,
      /^app: 400: allowedRegions\[0\]: /m,
    ])
      assert.match(refused.stderr, reason);
  });

  test('a long list comes whole, page after page, and an odd name cannot steer the terminal', async () => {
    const made = Array.from({ length: 12 }, (_, index) =>
      json('create', `Many \u001b[31m${index}`, '--callback', 'https://app.example/initiate'),
    );
    await Promise.all(made);
    const { stdout } = await app('list');
    assert.equal(stdout.split('\n').filter((line) => line.includes('Many \\u001b[31m')).length, 12);
  });

  const mistakes: readonly (readonly [flags: string[], said: RegExp])[] = [
    [[], /^app: a command is missing: list, create, show, enable, .*--help/],
    [['frob'], /^app: there is no command "frob"; the commands are list, create/],
    [['show'], /^app: show needs the id of an application/],
    [['show', 'a', 'b'], /^app: show: "b" is one word too many/],
    [['create', 'x'], /^app: create needs --callback URL/],
    [['enable', 'x'], /^app: enable needs an authentication mode: --password/],
    [['change', 'x'], /^app: change needs --no-password, --sources LIST or --regions LIST/],
    [['rotate', 'x', '--sources', ''], /^app: rotate takes no --sources/],
    [['show', 'x', '--place', 'lab'], /^app: --place takes one of loopback, remote, not "lab"/],
    [['show', 'x', '--token-url', 'ftp://x'], /^app: --token-url takes a URL/],
    [['show', 'x', '--target', 'nowhere'], /^app: no target "nowhere"/],
    [['show', 'x', '--frob'], /^app: Unknown option '--frob'.*npm run app -- --help/],
  ];
  for (const [flags, said] of mistakes) {
    test(`${flags.join(' ') || 'nothing at all'} is refused with 2`, async () => {
      const run = await app(...flags);
      assert.equal(run.code, 2);
      assert.match(run.stderr, said);
      assert.equal(run.stderr.trimEnd().split('\n').length, 1, run.stderr);
    });
  }

  test('names the variable that is not set, and never shows a secret', async () => {
    const flags = ['commands/app/main.ts', 'list', '--api', api];
    const unset = await ended(new CommandRun(process.execPath, flags, { VOICE_EDGE_CLIENT_ID: ID }));
    assert.equal(unset.code, 2);
    assert.match(unset.stderr, /^app: VOICE_EDGE_CLIENT_SECRET is not set/);
    const wrong = { ...CREDENTIALS, VOICE_EDGE_CLIENT_SECRET: 'another-not-real-secret' };
    const refused = await ended(new CommandRun(process.execPath, flags, wrong));
    assert.equal(refused.code, 2);
    assert.match(refused.stderr, /gave no access token: 401/);
    assert.ok(!refused.stderr.includes(wrong.VOICE_EDGE_CLIENT_SECRET));
  });

  test('a target that does not answer is named', async () => {
    const flags = ['commands/app/main.ts', 'list', '--api', 'http://127.0.0.1:9'];
    const run = await ended(new CommandRun(process.execPath, flags, CREDENTIALS));
    assert.equal(run.code, 2);
    assert.match(run.stderr, /^app: POST http:\/\/127\.0\.0\.1:9\/api\/v1\/oauth2\/token got no answer: /);
  });

  test('--help', async () => {
    const run = await app('--help');
    assert.equal(run.code, 0);
    assert.match(run.stdout, /^Usage: npm run app -- COMMAND/);
  });
});
