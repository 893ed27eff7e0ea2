import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { describe, test } from 'node:test';

import { scenarioFile, silentPeer } from '../test/peers.ts';
import { main } from './cli.ts';
import { startSipp, type SippResult } from './run.ts';

async function command(
  argv: string[],
  more: { env?: Record<string, string>; signal?: AbortSignal; isTTY?: boolean } = {},
) {
  const written = { stdout: '', stderr: '' };
  const { env = {}, signal, isTTY } = more;
  const code = await main(argv, {
    stdout: { write: (text) => (written.stdout += text), ...(isTTY === undefined ? {} : { isTTY }) },
    stderr: { write: (text) => (written.stderr += text) },
    env,
    ...(signal === undefined ? {} : { signal }),
  });
  return { code, ...written };
}

async function server(name: string) {
  const run = await startSipp({ scenario: scenarioFile(name), calls: 'unbounded', timeoutMs: 20_000 });
  return {
    target: `127.0.0.1:${run.local.port}`,
    [Symbol.asyncDispose]: async () => void (await run.stop(0)),
  };
}

describe('sipp-run', () => {
  test('shows messages, a ladder and the verdict', async () => {
    await using uas = await server('invite_server');
    const { code, stdout, stderr } = await command([scenarioFile('invite_client'), '--target', uas.target]);
    assert.equal(stderr, '');
    assert.equal(code, 0);
    assert.match(
      stdout,
      /^ {7}0 ms -> INVITE \(CSeq 1 INVITE\)\n +\d+ ms <- 180 Ringing \(CSeq 1 INVITE\)\n/,
    );
    assert.match(stdout, new RegExp(`\\n {6}ms {2}127\\.0\\.0\\.1:\\d+ +${uas.target}\\n`));
    assert.match(stdout, /\n +\d+ {2}\|-- BYE \(CSeq 2 BYE\) -+>\|\n/);
    assert.match(
      stdout,
      /\nPASSED: 1 of 1 call succeeded\n1 calls made, 1 successful, 0 failed, 0 retransmissions, \d+ ms\n$/,
    );
  });

  test('exits 1 with the reason where the call fails', async () => {
    await using uas = await server('refusing_server');
    const { code, stdout } = await command([scenarioFile('invite_client'), '--target', uas.target]);
    assert.equal(code, 1);
    assert.match(
      stdout,
      /\nFAILED: call 1: expected 200 \(or 100, 180\), received 403 Forbidden \(.*invite_client\.xml:26\)\n/,
    );
  });

  test('takes the password from the environment, rows, keys and a service, and prints JSON', async () => {
    await using challenger = await server('challenging_server');
    const first = await command(
      [scenarioFile('authenticating_client'), '--target', challenger.target, '--json'].concat(
        '--user alice --password-env VOICE_PASSWORD --auth-uri edge.example'.split(' '),
        '--service app --from 127.0.0.1 --call-id mine'.split(' '),
      ),
      { env: { VOICE_PASSWORD: 'open sesame' } },
    );
    const result: SippResult = JSON.parse(first.stdout);
    assert.equal(result.outcome, 'passed', result.reason);
    assert.equal(first.code, 0);
    assert.ok(!first.stdout.includes('open sesame'));
    assert.match(result.messages[0]!.text, /^INVITE sip:app@/);
    assert.match(result.messages[0]!.text, /^Call-ID: mine\r$/m);

    await using uas = await server('options_server');
    const rows = '--row alice;a --row bob;b --key shade=x=y --calls 2 --json'.split(' ');
    const second = await command([scenarioFile('rows_client'), '--target', uas.target, ...rows]);
    const { messages }: SippResult = JSON.parse(second.stdout);
    assert.match(messages[0]!.text, /^OPTIONS sip:alice@.*\r\n[^]*^Subject: a x=y\r$/m);
  });

  test('shows progress instead of messages where there are many calls', async () => {
    await using uas = await server('options_server');
    const argv = [scenarioFile('options_client'), '--target', uas.target, '--calls', '200', '--rate', '1000'];
    for (const isTTY of [true, false]) {
      const { code, stdout } = await command(argv, { isTTY });
      assert.equal(code, 0, stdout);
      assert.match(stdout, isTTY ? /^\r\d\.\d s: \d+ calls, / : /^\d\.\d s: \d+ calls, .*\n/);
      assert.doesNotMatch(stdout, /OPTIONS/);
      assert.match(stdout, /PASSED: 200 of 200 calls succeeded/);
    }
  });

  test('runs over TCP, and ends in time', async () => {
    await using peer = await silentPeer();
    const target = `127.0.0.1:${peer.port}`;
    const tcp = await command([scenarioFile('options_client'), '--target', target, '--transport', 'tcp']);
    assert.match(tcp.stdout, /FAILED: the message could not be delivered: Connection refused/);
    const late = await command([scenarioFile('options_client'), '--target', target, '--timeout', '0.1']);
    assert.equal(late.code, 1);
    assert.match(late.stdout, /TIMEOUT: not done within 100 ms/);
  });

  const refused: [string[], RegExp][] = [
    [[], /^sipp-run: a scenario file is needed; see sipp-run --help\n$/],
    [['a.xml', 'b.xml'], /one scenario file at a time, not also b\.xml/],
    [['a.xml', '--taget', 'x'], /Unknown option '--taget'/],
    [['a.xml', '--target', 'x:y:z'], /--target x:y:z must be host, host:port or \[IPv6\]:port/],
    [['a.xml', '--transport', 'tls'], /--transport tls must be udp or tcp/],
    [['a.xml', '--calls', 'many'], /--calls many must be a number/],
    [['a.xml', '--key', 'x'], /--key x must be name=value/],
    [['a.xml', '--user', 'alice'], /--user needs --password-env/],
    [
      ['a.xml', '--user', 'alice', '--password-env', 'NOWHERE'],
      /the environment variable NOWHERE .* is not set/,
    ],
    [['a.xml', '--password-env', 'PATH'], /--password-env needs --user/],
    [['/nowhere/a.xml'], /^sipp-run: SCENARIO_MISSING: \/nowhere\/a\.xml: there is no such file/],
    [
      [scenarioFile('options_client')],
      /OPTIONS_INVALID: .*needs a target: the option remote, or --target host:port/,
    ],
    [
      [scenarioFile('options_client'), '--target', 'nowhere.invalid'],
      /REMOTE_UNKNOWN: nowhere\.invalid cannot be resolved/,
    ],
  ];
  for (const [argv, message] of refused) {
    test(`exits 2 for ${argv.map((word) => word.split('/').at(-1)).join(' ')}`, async () => {
      const { code, stdout, stderr } = await command(argv);
      assert.match(stderr, message);
      assert.equal(stdout, '');
      assert.equal(code, 2);
    });
  }

  test('explains itself', async () => {
    const { code, stdout } = await command(['--help']);
    assert.equal(code, 0);
    assert.match(stdout, /^sipp-run <scenario\.xml>/);
  });

  test('exits 130 on Ctrl-C and leaves no SIPp', async () => {
    await using peer = await silentPeer();
    const script = join(import.meta.dirname, 'sipp_run.ts');
    const shell = spawn(process.execPath, [
      script,
      scenarioFile('options_client'),
      '--target',
      `127.0.0.1:${peer.port}`,
    ]);
    let stdout = '';
    shell.stdout.on('data', (chunk: Buffer) => (stdout += String(chunk)));
    await peer.heard;
    shell.kill('SIGINT');
    const [code] = await once(shell, 'close');
    assert.equal(code, 130);
    assert.match(stdout, /\nABORTED: ended by the caller; 0 of 1 calls succeeded\n/);
  });

  test('exits 2 where there is no SIPp', async () => {
    const script = join(import.meta.dirname, 'sipp_run.ts');
    const shell = spawn(process.execPath, [script, scenarioFile('options_server')], { env: { PATH: '' } });
    let stderr = '';
    shell.stderr.on('data', (chunk: Buffer) => (stderr += String(chunk)));
    const [code] = await once(shell, 'close');
    assert.equal(code, 2);
    assert.equal(
      stderr,
      'sipp-run: SIPP_MISSING: sipp is not on PATH. Install it: apt-get install sip-tester (Debian, Ubuntu) or brew install sipp\n',
    );
  });
});
