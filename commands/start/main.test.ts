import assert from 'node:assert/strict';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { createServer, Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, test } from 'node:test';

import { CommandRun } from '../testing/command_run.ts';

const LAST_LINE = 'tells what else it does.';
/** What a person would paste: indented, and beginning with an assignment or a command. */
const PASTED = /^ {2}(?:[A-Z_]+=|printf ).*$/gm;
const CONTROL = /[^\P{Cc}\n]/u;
const PORTS = [
  ['--api-port', 'TCP'],
  ['--sip-port', 'UDP'],
  ['--platform-port', 'UDP'],
] as const;

const onLinux = { skip: process.platform !== 'linux' && 'counts processes in /proc' };

/** Takes a port of loopback that the kernel chooses. */
async function heldPort(protocol: 'TCP' | 'UDP'): Promise<{ port: string; release: () => void }> {
  const holder = protocol === 'TCP' ? createServer() : createSocket('udp4');
  if (holder instanceof Server) holder.listen(0, '127.0.0.1');
  else holder.bind(0, '127.0.0.1');
  await once(holder, 'listening');
  const address = holder.address();
  assert.ok(address !== null && typeof address === 'object');
  return { port: String(address.port), release: () => void holder.close() };
}

/** Each port's flag with a port that was free a moment ago. */
async function freePorts(): Promise<string[]> {
  const held = await Promise.all(
    PORTS.map(async ([flag, protocol]) => ({ flag, ...(await heldPort(protocol)) })),
  );
  for (const { release } of held) release();
  return held.flatMap(({ flag, port }) => [flag, port]);
}

const running = new Set<CommandRun>();

async function start(
  flags: readonly string[] = [],
  environment: Record<string, string> = {},
): Promise<CommandRun> {
  const run = new CommandRun(
    process.execPath,
    ['commands/start/main.ts', ...(await freePorts()), ...flags],
    environment,
  );
  running.add(run);
  void run.ended.then(() => running.delete(run));
  return run;
}

// A test that failed before its Ctrl-C leaves no reference behind.
afterEach(async () => {
  for (const run of running) run.child.kill('SIGINT');
  await Promise.all([...running].map(({ ended }) => ended));
});

function valueOf(name: string, { stdout }: CommandRun): string {
  return new RegExp(`^  ${name} +(\\S+)`, 'm').exec(stdout)?.[1] ?? '';
}

async function interrupt(run: CommandRun): Promise<void> {
  run.child.kill('SIGINT');
  assert.equal(await run.ended, 0, run.stderr);
  if (process.platform === 'linux') assert.deepEqual(await run.survivors(), []);
}

describe('npm start', () => {
  test('what it prints works as printed: token, password, a call; Ctrl-C leaves nothing', async () => {
    const run = await start();
    await run.says(LAST_LINE);
    assert.doesNotMatch(run.stdout + run.stderr, CONTROL);
    const pasted = run.stdout.match(PASTED) ?? [];
    assert.equal(pasted.length, 5, run.stdout);
    const shell = new CommandRun('/bin/sh', ['-c', pasted.join('\n')]);
    assert.equal(await shell.ended, 0, shell.stdout + shell.stderr);
    assert.match(shell.stdout, /"sipAuthPassword":"\S+"/);
    assert.match(shell.stdout, /^ +\d+ {2}\|<- 200 OK \(CSeq 3 BYE\) -+\|$/m);
    assert.match(shell.stdout, /^PASSED: 1 of 1 call succeeded$/m);

    const docs = await fetch(valueOf('documentation', run));
    assert.equal(docs.status, 200);
    await interrupt(run);
    const log = readFileSync(valueOf('log', run), 'utf8');
    assert.match(log, /"event":"api\.request"/);
    for (const secret of [
      valueOf('client secret', run),
      /"sipAuthPassword":"(\S+?)"/.exec(shell.stdout)?.[1],
    ]) {
      assert.ok(secret !== undefined && secret !== '' && !log.includes(secret), 'the log holds a secret');
    }
  });

  test('takes the client from the environment and keeps the store in a file', async (t) => {
    const folder = mkdtempSync(join(tmpdir(), 'start-'));
    t.after(() => rmSync(folder, { recursive: true }));
    const database = join(folder, 'edge.db');
    const client = { VOICE_EDGE_CLIENT_ID: 'somebody', VOICE_EDGE_CLIENT_SECRET: 'of-the-environment' };
    const run = await start(['--database', database], client);
    await run.says(LAST_LINE);
    assert.deepEqual(
      ['client id', 'client secret', 'store'].map((name) => valueOf(name, run)),
      ['somebody', 'of-the-environment', database],
    );
    await interrupt(run);
    assert.ok(statSync(database).size > 0);
  });

  for (const [victim, message] of [
    ['impl/main.ts', /^start: the reference ended by itself: .*impl\/main\.ts ended by SIGKILL\./m],
    [
      'voice-platform.xml',
      /^start: the SIPp that stands for the voice platform ended by itself: SIPp died of SIGKILL/m,
    ],
  ] as const) {
    test(`exit code 1 where ${victim} dies, with the rest stopped`, onLinux, async () => {
      const run = await start();
      await run.says(LAST_LINE);
      const found = run.processes().find(({ command }) => command.includes(victim));
      assert.ok(found, JSON.stringify(run.processes()));
      process.kill(found.pid, 'SIGKILL');
      assert.equal(await run.ended, 1, run.stderr);
      assert.match(run.stderr, message);
      assert.deepEqual(await run.survivors(), []);
    });
  }

  for (const [flag, protocol] of PORTS) {
    test(`exit code 2 where the port of ${flag} is taken`, async (t) => {
      const { port, release } = await heldPort(protocol);
      t.after(release);
      const run = await start([flag, port]);
      assert.equal(await run.ended, 2, run.stdout);
      assert.match(
        run.stderr,
        new RegExp(`^start: 127\\.0\\.0\\.1:${port} \\(${protocol}\\) is taken, .* ${flag}\n$`),
      );
      assert.equal(run.stdout, '');
    });
  }

  const REFUSED: [flags: string[], environment: Record<string, string>, message: RegExp][] = [
    [['--api-port', '70000'], {}, /^start: --api-port takes a whole number from 1 to 65535, not "70000"\n$/],
    [
      ['--sip-prot', '1'],
      {},
      /^start: Unknown option '--sip-prot'; npm start -- --help lists the options\n$/,
    ],
    [
      ['--database', '/no/such/edge.db'],
      {},
      /^start: --database .*: there is no folder \/no\/such; make it first\n$/,
    ],
    [[], { VOICE_EDGE_CLIENT_ID: 'a' }, /^start: VOICE_EDGE_CLIENT_SECRET is not set, but/],
    [
      [],
      { VOICE_EDGE_REGIONS: '' },
      /^start: the target ended before it was ready: [\s\S]*VOICE_EDGE_REGIONS/m,
    ],
  ];
  for (const [flags, environment, message] of REFUSED) {
    test(`exit code 2 and a mend for: ${[...Object.keys(environment), ...flags].join(' ')}`, async () => {
      const run = await start(flags, environment);
      assert.equal(await run.ended, 2, run.stdout);
      assert.match(run.stderr.replaceAll(/^start: starting .*\n/gm, ''), message);
    });
  }

  test('--help', async () => {
    const run = new CommandRun(process.execPath, ['commands/start/main.ts', '--help']);
    assert.equal(await run.ended, 0);
    assert.match(run.stdout, /^Usage: npm start[\s\S]*--database FILE/);
  });
});
