import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { chmod, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, test } from 'node:test';

import { goneProcess, scenarioFile, silentPeer } from '../test/peers.ts';
import { runSipp, startSipp, type SippProcess } from './run.ts';
import { SippError, type SippErrorCode } from './sipp_error.ts';
import type { TracedMessage } from './trace_parser.ts';

async function server(
  name: string,
  transport: 'udp' | 'tcp' = 'udp',
): Promise<SippProcess & AsyncDisposable> {
  const run = await startSipp({
    scenario: scenarioFile(name),
    calls: 'unbounded',
    transport,
    timeoutMs: 20_000,
  });
  return { ...run, [Symbol.asyncDispose]: async () => void (await run.stop(0)) };
}

const to = ({ local }: SippProcess) => ({ host: local.address, port: local.port });
const firstLines = (messages: readonly TracedMessage[]) =>
  messages.map(({ direction, text }) => `${direction} ${text.split('\r\n', 1)[0]!.replace(/ sip:\S+/, '')}`);
const texts = ({ messages }: { messages: TracedMessage[] }) => messages.map(({ text }) => text);
const md5 = (text: string) => createHash('md5').update(text).digest('hex');
const hasCode = (code: SippErrorCode, message: RegExp) => (failure: unknown) => {
  assert.ok(failure instanceof SippError, String(failure));
  assert.equal(failure.code, code);
  assert.match(failure.message, message);
  return true;
};

describe('a run that passes', () => {
  test('reports counters, addresses and both messages', async () => {
    await using uas = await server('options_server');
    const before = Date.now();
    const result = await runSipp({ scenario: scenarioFile('options_client'), remote: to(uas) });
    assert.equal(result.outcome, 'passed');
    assert.equal(result.reason, '1 of 1 call succeeded');
    assert.equal(result.exitCode, 0);
    assert.equal(result.signal, null);
    assert.deepEqual(result.calls, {
      requested: 1,
      created: 1,
      current: 0,
      successful: 1,
      failed: 0,
      failures: {},
    });
    assert.equal(result.retransmissions, 0);
    assert.deepEqual(result.errors, []);
    assert.deepEqual(result.unexpected, []);
    assert.deepEqual(firstLines(result.messages), ['sent OPTIONS SIP/2.0', 'received SIP/2.0 200 OK']);
    assert.match(
      result.messages[0]!.text,
      new RegExp(`^Via: SIP/2.0/UDP 127.0.0.1:${result.local.port};`, 'm'),
    );
    for (const { time } of result.messages)
      assert.ok(time > before - 1000 && time < Date.now() + 1000, String(time));
    assert.equal(result.statistics.length, 1);
    assert.ok(result.durationMs < 2000);
  });

  for (const transport of ['udp', 'tcp'] as const) {
    test(`keeps bodies octet for octet over ${transport}, as the other side saw them`, async () => {
      await using uas = await server('invite_server', transport);
      const result = await runSipp({ scenario: scenarioFile('invite_client'), remote: to(uas), transport });
      assert.equal(result.outcome, 'passed', result.reason);
      const uasResult = await uas.stop();
      assert.equal(uasResult.outcome, 'passed', uasResult.reason);
      assert.equal(uasResult.reason, '1 of 1 call succeeded');
      assert.deepEqual(firstLines(result.messages), [
        'sent INVITE SIP/2.0',
        'received SIP/2.0 180 Ringing',
        'received SIP/2.0 200 OK',
        'sent ACK SIP/2.0',
        'sent BYE SIP/2.0',
        'received SIP/2.0 200 OK',
      ]);
      assert.deepEqual(texts(result).toSorted(), texts(uasResult).toSorted());
      for (const message of result.messages) {
        assert.equal(message.transport, transport);
        assert.equal(message.truncated, false);
        const [head, body] = [
          message.text.split('\r\n\r\n', 1)[0]!,
          message.text.split('\r\n\r\n').slice(1).join('\r\n\r\n'),
        ];
        assert.equal(body.length, Number(/^Content-Length:\s*(\d+)/m.exec(head)![1]));
        assert.equal(body.includes('a=note:-----'), head.includes('application/sdp'));
      }
    });
  }

  test('injects rows in sequence, keys and a Call-ID of its own', async () => {
    await using uas = await server('options_server');
    const result = await runSipp({
      scenario: scenarioFile('rows_client'),
      remote: to(uas),
      rows: [
        ['alice', 'first row'],
        ['bob', 'second'],
      ],
      keys: { shade: 'of grey' },
      callId: 'id-%u@edge.example',
      calls: 3,
      trace: { statistics: true },
    });
    assert.equal(result.outcome, 'passed', result.reason);
    const sent = result.messages.filter(({ direction }) => direction === 'sent').map(({ text }) => text);
    assert.deepEqual(
      sent.map((text) => /^OPTIONS sip:(\w+)@/.exec(text)![1]),
      ['alice', 'bob', 'alice'],
    );
    assert.match(sent[0]!, /^Subject: first row of grey\r$/m);
    assert.deepEqual(
      sent.map((text) => /^Call-ID: (.*)\r$/m.exec(text)![1]),
      ['id-1@edge.example', 'id-2@edge.example', 'id-3@edge.example'],
    );
    assert.ok(result.statistics.length > 1);
  });

  test('answers a challenge, and keeps the password out of everything it returns', async () => {
    await using uas = await server('challenging_server');
    const password = 'correct horse battery';
    const authUri = 'sip-uri.voice-api.example';
    const result = await runSipp({
      scenario: scenarioFile('authenticating_client'),
      remote: to(uas),
      credentials: { username: 'alice', password },
      authUri,
    });
    assert.equal(result.outcome, 'passed', result.reason);
    const answer = result.messages.find(({ text }) => text.includes('Proxy-Authorization:'))!.text;
    const value = (name: string) => new RegExp(`${name}="?([^",]+)`).exec(answer)![1]!;
    const ha1 = md5(`alice:sip-uri.voice-api.example:${password}`);
    const ha2 = md5(`INVITE:${value('uri')}`);
    assert.equal(value('uri'), `sip:${authUri}`);
    assert.equal(value('response'), md5(`${ha1}:9f1c:${value('nc')}:${value('cnonce')}:auth:${ha2}`));
    assert.equal(result.command[result.command.indexOf('-ap') + 1], '***');
    assert.ok(!JSON.stringify(result).includes(password));
  });
});

describe('a run that fails', () => {
  test('says which call expected what and where, and what came', async () => {
    await using uas = await server('refusing_server');
    const result = await runSipp({ scenario: scenarioFile('invite_client'), remote: to(uas) });
    assert.equal(result.outcome, 'failed');
    assert.equal(
      result.reason,
      `call 1: expected 200 (or 100, 180), received 403 Forbidden (${scenarioFile('invite_client')}:26)`,
    );
    assert.equal(result.exitCode, 1);
    assert.deepEqual(result.calls.failures, { UnexpectedMessage: 1 });
    assert.equal(result.unexpected.length, 1);
    assert.equal(
      result.unexpected[0],
      result.messages.find(({ text }) => text.startsWith('SIP/2.0 403')),
    );
    assert.equal(result.errors.length, 1);
  });

  test('finds the unexpected message without a trace too', async () => {
    await using uas = await server('refusing_server');
    const options = { scenario: scenarioFile('invite_client'), remote: to(uas), trace: { messages: false } };
    const result = await runSipp(options);
    assert.deepEqual(result.messages, []);
    assert.match(result.unexpected[0]!.text, /^SIP\/2.0 403 Forbidden\r\n/);
  });

  test('does not believe exit code 0 where a check failed', async () => {
    await using uas = await server('options_server');
    const result = await runSipp({ scenario: scenarioFile('late_check_client'), remote: to(uas) });
    // SIPp counts such a call as failed only since 3.7.5.
    const { exitCode, calls } = result;
    assert.deepEqual([exitCode, calls.successful], calls.failed === 0 ? [0, 1] : [1, 0]);
    assert.equal(result.outcome, 'failed');
    assert.match(result.reason, /^a check failed: strcmp .*"nobody" with check_it failed$/);
    assert.equal(result.logs.length, 1);
    assert.match(result.logs[0]!, /^contact <sip:127\.0\.0\.1:\d+>/);
  });

  test('says that nothing came', async () => {
    await using peer = await silentPeer();
    const { host, port } = peer;
    const options = {
      scenario: scenarioFile('options_client'),
      remote: { host, port },
      receiveTimeoutMs: 60,
    };
    const result = await runSipp(options);
    assert.equal(result.outcome, 'failed');
    assert.match(
      result.reason,
      /^call 1: expected 200 \(or 100\), received nothing within 60 ms \(.*options_client.xml:\d+\)$/,
    );
  });

  test('says that a TCP connection was refused', async () => {
    await using uas = await server('options_server');
    const result = await runSipp({
      scenario: scenarioFile('options_client'),
      remote: to(uas),
      transport: 'tcp',
    });
    assert.equal(result.outcome, 'failed');
    assert.equal(result.reason, 'the message could not be delivered: Connection refused');
  });
});

describe('a run that is ended', () => {
  test('times out to the millisecond', async () => {
    await using peer = await silentPeer();
    const { host, port } = peer;
    const result = await runSipp({
      scenario: scenarioFile('options_client'),
      remote: { host, port },
      timeoutMs: 150,
    });
    assert.equal(result.outcome, 'timeout');
    assert.equal(
      result.reason,
      'not done within 150 ms; 0 of 1 calls succeeded; the last message was OPTIONS, sent',
    );
    assert.ok(result.durationMs >= 150 && result.durationMs < 600, String(result.durationMs));
  });

  test('counts what was sent again', async () => {
    await using peer = await silentPeer();
    const { host, port } = peer;
    const options = { scenario: scenarioFile('options_client'), remote: { host, port }, timeoutMs: 700 };
    const result = await runSipp(options);
    assert.equal(result.retransmissions, 1);
    assert.deepEqual(firstLines(result.messages), ['sent OPTIONS SIP/2.0', 'sent OPTIONS SIP/2.0']);
  });

  test('aborts on the signal and leaves no process', async () => {
    await using peer = await silentPeer();
    const { host, port } = peer;
    const abort = new AbortController();
    const run = await startSipp(
      { scenario: scenarioFile('options_client'), remote: { host, port } },
      { signal: abort.signal },
    );
    await peer.heard;
    abort.abort();
    const result = await run.exited;
    assert.equal(result.outcome, 'aborted');
    assert.match(result.reason, /^ended by the caller; 0 of 1 calls succeeded/);
    await goneProcess(run.pid);
  });

  test('aborts at once where the signal was given before', async () => {
    const options = { scenario: scenarioFile('options_server'), calls: 'unbounded' } as const;
    const result = await runSipp(options, { signal: AbortSignal.abort() });
    assert.equal(result.outcome, 'aborted');
  });

  test('kills a process that does not react', async () => {
    const run = await startSipp({ scenario: scenarioFile('options_server'), calls: 'unbounded' });
    process.kill(run.pid, 'SIGSTOP');
    const result = await run.stop(0);
    assert.equal(result.outcome, 'killed');
    assert.equal(result.signal, 'SIGKILL');
  });

  test('names the signal that killed SIPp', async () => {
    const run = await startSipp({ scenario: scenarioFile('options_server') });
    process.kill(run.pid, 'SIGSEGV');
    const result = await run.exited;
    assert.equal(result.outcome, 'killed');
    assert.match(result.reason, /^SIPp died of SIGSEGV;/);
  });

  test('rejects with what a hook throws, after SIPp has ended', async () => {
    const run = await startSipp(
      { scenario: scenarioFile('options_server'), calls: 'unbounded' },
      {
        onMessage() {
          throw new RangeError('no more');
        },
      },
    );
    void runSipp({ scenario: scenarioFile('options_client'), remote: to(run) });
    await assert.rejects(run.exited, new RangeError('no more'));
    await goneProcess(run.pid);
  });

  test('leaves no file behind', async () => {
    await using uas = await server('options_server');
    const run = await startSipp({ scenario: scenarioFile('options_client'), remote: to(uas) });
    await run.exited;
    assert.match(run.messageTrace, /sipp-run-\w+/);
    await assert.rejects(readdir(dirname(run.messageTrace)), { code: 'ENOENT' });
  });
});

describe('a run that is watched', () => {
  test('hands over messages as they happen and progress', async () => {
    await using peer = await silentPeer();
    const { host, port } = peer;
    const abort = new AbortController();
    const seen: string[] = [];
    let created: number | undefined;
    const result = await runSipp(
      { scenario: scenarioFile('options_client'), remote: { host, port }, timeoutMs: 5000 },
      {
        signal: abort.signal,
        onProgress: ({ calls }) => (created = calls.created),
        onMessage({ direction, text }) {
          seen.push(`${direction} ${text.split(' ', 1)[0]}`);
          // Only a message that arrives while SIPp waits can end it before its time is over.
          abort.abort();
        },
      },
    );
    assert.equal(result.outcome, 'aborted');
    assert.deepEqual(seen, ['sent OPTIONS']);
    assert.equal(created, 1);
  });

  test('lets a process elsewhere follow the live trace', async () => {
    await using uas = await server('options_server');
    await runSipp({ scenario: scenarioFile('options_client'), remote: to(uas) });
    assert.match(await readFile(uas.messageTrace, 'latin1'), /UDP message sent [[(]\d+\]? bytes/);
  });
});

describe('many runs at once', () => {
  test('never collide', async () => {
    await using uas = await server('options_server');
    const options = { scenario: scenarioFile('options_client'), remote: to(uas), timeoutMs: 10_000 };
    const results = await Promise.all(Array.from({ length: 24 }, () => runSipp(options)));
    for (const result of results) assert.equal(result.outcome, 'passed', result.reason);
    assert.equal(new Set(results.map(({ local }) => local.port)).size, results.length);
  });
});

describe('a run that cannot take place', () => {
  const remote = { host: '127.0.0.1', port: 5060 };

  test('tells a bad scenario from a failed call, with file and line', async () => {
    await assert.rejects(
      runSipp({ scenario: scenarioFile('malformed'), remote }),
      hasCode('SCENARIO_MALFORMED', /malformed\.xml:16: <\/sent> closes nothing: <send> of line 4/),
    );
    await assert.rejects(
      runSipp({ scenario: scenarioFile('unknown_keyword'), remote }),
      hasCode('SCENARIO_UNKNOWN_KEYWORD', /unknown_keyword\.xml:6: \[servise\] .*did you mean service\?/),
    );
    await assert.rejects(
      runSipp({ scenario: scenarioFile('absent'), remote }),
      hasCode('SCENARIO_MISSING', /absent\.xml: there is no such file/),
    );
  });

  test('passes on what only SIPp finds', async () => {
    await assert.rejects(
      runSipp({ scenario: scenarioFile('undefined_label'), remote }),
      hasCode('SCENARIO_REJECTED', /undefined_label\.xml: .*'elsewhere' was not defined.* Mend: add <label/),
    );
    await assert.rejects(
      startSipp({ scenario: scenarioFile('undefined_label'), remote }),
      hasCode('SCENARIO_REJECTED', /elsewhere/),
    );
  });

  test('demands a target from a client', async () => {
    await assert.rejects(
      runSipp({ scenario: scenarioFile('options_client') }),
      hasCode('OPTIONS_INVALID', /options_client\.xml:5: .*needs a target/),
    );
  });

  test('names a port that is taken, when it was asked for', async () => {
    await using peer = await silentPeer();
    await assert.rejects(
      startSipp({ scenario: scenarioFile('options_server'), local: { port: peer.port } }),
      hasCode('PORT_IN_USE', new RegExp(`port ${peer.port} on 127.0.0.1 is in use; leave local.port out`)),
    );
  });

  test('takes other ports where a stranger was quicker to bind the leased ones', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'unlucky-sipp-'));
    const unlucky = join(folder, 'sipp');
    const clash =
      '2026-01-01\t00:00:00.000000\t1767225600.000000: Unable to bind main socket, errno = 98 (Address already in use)';
    const once = `[ "$1" = -v ] || mkdir ${folder}/tried 2>/dev/null && [ "$1" != -v ] && { printf '${clash}' >&2; exit 254; }`;
    await writeFile(unlucky, `#!/bin/sh\n${once}\nexec sipp "$@"\n`);
    await chmod(unlucky, 0o755);
    const run = await startSipp({ scenario: scenarioFile('options_server'), executable: unlucky });
    assert.deepEqual((await readdir(folder)).toSorted(), ['sipp', 'tried']);
    await run.stop();
    await rm(folder, { recursive: true });
  });

  test('binds the port that was asked for', async () => {
    const port = await freePort();
    const run = await startSipp({ scenario: scenarioFile('options_server'), local: { port } });
    assert.equal(run.local.port, port);
    const socket = createSocket('udp4');
    const failure = await new Promise<NodeJS.ErrnoException>((resolve) => {
      socket.once('error', resolve);
      socket.bind({ address: '127.0.0.1', port, exclusive: true });
    });
    socket.close();
    assert.equal(failure.code, 'EADDRINUSE');
    assert.equal((await run.stop()).outcome, 'aborted');
  });

  test('names an address that is not ours, and a host that cannot be resolved', async () => {
    await assert.rejects(
      startSipp({ scenario: scenarioFile('options_server'), local: { address: '203.0.113.9' } }),
      hasCode('ADDRESS_UNAVAILABLE', /203\.0\.113\.9 cannot be bound/),
    );
    await assert.rejects(
      runSipp({ scenario: scenarioFile('options_client'), remote: { host: 'nowhere.invalid', port: 5060 } }),
      hasCode('REMOTE_UNKNOWN', /nowhere\.invalid cannot be resolved/),
    );
  });

  test('says how to install SIPp where there is none, or an old one', async () => {
    const scenario = scenarioFile('options_server');
    await assert.rejects(
      runSipp({ scenario, executable: 'sipp-of-nobody' }),
      hasCode(
        'SIPP_MISSING',
        /^sipp-of-nobody is not on PATH\. Install it: apt-get install sip-tester \(Debian, Ubuntu\) or brew install sipp$/,
      ),
    );
    const folder = await mkdtemp(join(tmpdir(), 'old-sipp-'));
    const old = join(folder, 'sipp');
    await writeFile(old, '#!/bin/sh\necho " SIPp v3.5.2-TLS-PCAP."\nexit 99\n');
    await chmod(old, 0o755);
    await assert.rejects(
      runSipp({ scenario, executable: old }),
      hasCode('SIPP_TOO_OLD', /is SIPp 3\.5\.2, but 3\.6\.0 or newer/),
    );
    await rm(folder, { recursive: true });
  });
});

async function freePort(): Promise<number> {
  await using peer = await silentPeer();
  return peer.port;
}
