import assert from 'node:assert/strict';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, test } from 'node:test';

import {
  descriptor,
  freePorts,
  LAB,
  LAB_CONFIG,
  loopback,
  OPTIONS,
  Run,
  skip,
  started,
} from '../testing/features_run.ts';

/** What a run on these loopback ports says while another program has one of them. */
async function takenPort(name: string, ports: readonly number[]): Promise<string> {
  const target = descriptor({ name, placeName: 'loopback', place: loopback(ports) });
  return new Run(['--target', target, '--tags', '@sip.challenge']).complaint(2);
}

describe('addresses on loopback', OPTIONS, () => {
  test('that another program has are refused, for the API and for SIP', async () => {
    const [free = 0, platform = 0] = await freePorts(2);
    const api = createServer().listen(0, '127.0.0.1');
    const sip = createSocket('udp4').bind(0, '127.0.0.1');
    await Promise.all([once(api, 'listening'), once(sip, 'listening')]);
    const address = api.address();
    assert.ok(address && typeof address === 'object');
    const [ofApi, ofSip] = await Promise.all([
      takenPort('api-taken', [address.port, free, platform]),
      takenPort('sip-taken', [free, sip.address().port, platform]),
    ]);
    assert.match(
      ofApi,
      new RegExp(
        `^features: 127\\.0\\.0\\.1:${address.port} \\(TCP\\) is taken: the target is to be started there\\. Stop .* places\\.loopback\\.api\\.baseUrl`,
      ),
    );
    assert.match(
      ofSip,
      new RegExp(
        `^features: 127\\.0\\.0\\.1:${sip.address().port} \\(UDP\\) is taken: .* places\\.loopback\\.sip`,
      ),
    );
    api.close();
    sip.close();
  });

  test('are enough for what needs no vantage point; the rest is inconclusive, with the reason', async () => {
    const target = descriptor({ name: 'looped', placeName: 'loopback', place: loopback(await freePorts(3)) });
    const run = new Run([
      '--target',
      target,
      '--tags',
      '@sip.challenge or @sip.auth.accepted or @sip.ip.no-challenge or @sip.region.refused',
    ]);
    assert.equal(await run.ended, 0, run.stdout + run.stderr);
    assert.deepEqual(run.rule('sip.challenge'), ['passed', '']);
    assert.deepEqual(run.rule('sip.auth.accepted'), ['passed', '']);
    const unseen = ['inconclusive', 'calls can only come from one address in the place "loopback"'];
    assert.deepEqual(run.rule('sip.ip.no-challenge'), unseen);
    assert.deepEqual(run.rule('sip.region.refused'), unseen);
    const { witnesses, verdict, counts } = run.conformance();
    assert.deepEqual([witnesses, verdict, counts.scenarios.inconclusive], ['one', 'conformant', 17]);
    assert.match(run.stdout, /one witness/);
    await run.gone();
  });
});

/**
 * What is said of a hung target names the seconds until it was noticed. So long the whole end may take on a busy machine,
 * reports included.
 */
const END_MS = 30_000;

/**
 * Sends the signal to the reference of a run as soon as some scenarios have passed. Resolves when the run has ended,
 * with how long that took, in milliseconds.
 */
async function struck(run: Run, signal: NodeJS.Signals): Promise<number> {
  await run.says(' passed');
  const [target] = run.processes().filter(({ command }) => command.startsWith('node impl/main.ts'));
  assert.ok(target);
  process.kill(target.pid, signal);
  const began = performance.now();
  assert.equal(await run.ended, 2, run.stdout + run.stderr);
  const tookMs = performance.now() - began;
  await run.gone();
  return tookMs;
}

describe('a run that comes to an early end', { ...OPTIONS, skip }, () => {
  /** Quick scenarios, and one that takes longer than an interrupted run may last. */
  const tags = [
    '--parallel',
    '4',
    '--tags',
    '@app.get.no-password or @app.enable.password or @sip.auth.stale-nonce',
  ];

  test('because the target dies: exit code 2, and every report says how it ended', async () => {
    const command = [
      'node',
      'commands/testing/fixtures/dying_edge.ts',
      '198.18.67.80',
      '8080',
      '8081',
      ...LAB_CONFIG,
    ];
    const target = descriptor({ name: 'dying', place: { ...LAB, start: started(command) } });
    const run = new Run([
      '--target',
      target,
      '--tags',
      '@app.envelope or @app.cidr.rejected or @sip.challenge',
    ]);
    assert.equal(await run.ended, 2, run.stdout + run.stderr);
    const { verdict, errors, counts, interrupted } = run.conformance();
    assert.deepEqual([verdict, interrupted], ['error', false]);
    const [error = ''] = errors;
    assert.match(
      error,
      /^the target ended in the middle of the run: node commands\/testing\/fixtures\/dying_edge\.ts .* ended with exit code 70\.\n/,
    );
    assert.match(error, /\nout of cheese\nWhole log: \S+target\.log$/);
    assert.ok(run.stdout.includes('ended with exit code 70.'), run.stdout);
    // No scenario is to blame: neither one in flight nor one that had not begun.
    const { inconclusive, ...others } = counts.scenarios;
    assert.ok(
      inconclusive > 1 && Object.values(others).every((count) => count === 0),
      JSON.stringify(counts),
    );
    for (const rule of ['app.envelope', 'app.cidr.rejected', 'sip.challenge'])
      assert.deepEqual(run.rule(rule), ['inconclusive', error.split('\n')[0]]);
    await run.gone();
  });

  for (const [signal, said] of [
    ['SIGKILL', /^the target ended in the middle of the run: node impl\/main\.ts .* ended by SIGKILL\.$/],
    [
      'SIGSTOP',
      /^the target hung in the middle of the run: it answered nothing at all for 7\.0 s, neither over/,
    ],
  ] as const) {
    test(`because the reference gets ${signal}: what was not judged is inconclusive, and nothing is an error`, async () => {
      const run = new Run(['--parallel', '4', '--tags', 'not @flood']);
      const tookMs = await struck(run, signal);
      assert.ok(tookMs < END_MS, `${tookMs} ms`);
      const { errors, counts, rules } = run.conformance();
      assert.match(errors.join('\n').split('\n')[0] ?? '', said);
      const { passed, inconclusive, failed, error } = counts.scenarios;
      assert.ok(passed > 0 && inconclusive > 0, JSON.stringify(counts));
      assert.deepEqual(
        [failed, error],
        [0, 0],
        JSON.stringify(rules.filter(({ verdict }) => verdict !== 'passed')),
      );
    });
  }

  test('because of Ctrl-C: exit code 130, the reports so far, and nothing left behind', async () => {
    const run = new Run(tags);
    await run.says(' passed');
    run.child.kill('SIGINT');
    assert.match(
      await run.complaint(130),
      /^features: interrupted; stopping what runs and writing the reports$/m,
    );
    await run.gone();
    const { interrupted, verdict, errors, counts } = run.conformance();
    assert.deepEqual([interrupted, verdict], [true, 'error']);
    assert.match(errors[0] ?? '', /^interrupted: \d+ of \d+ scenarios had begun$/);
    assert.ok(counts.scenarios.passed > 0, JSON.stringify(counts));
    assert.equal(counts.scenarios.failed, 0);
    assert.notEqual(run.rule('sip.auth.stale-nonce')[0], 'passed');
    assert.match(
      readFileSync(join(run.out, 'junit.xml'), 'utf8'),
      /<error message="interrupted: \d+ of \d+ scenarios had begun">/,
    );
  });

  test('because of Ctrl-C while the target starts: at once, with a report that says so', async () => {
    const start = started(['node', '-e', 'setInterval(() => {}, 1000)']);
    const target = descriptor({ name: 'slow', readyMs: 600_000, place: { ...LAB, start } });
    const run = new Run(['--target', target, ...tags]);
    while (!run.stderr.includes('features: starting slow')) await once(run.child.stderr, 'data');
    run.child.kill('SIGINT');
    await run.complaint(130);
    await run.gone();
    const { interrupted, verdict } = run.conformance();
    assert.deepEqual([interrupted, verdict], [true, 'error']);
  });

  test('because its outer process is killed: nothing is left behind', async () => {
    const run = new Run(tags);
    await run.says(' passed');
    run.child.kill('SIGKILL');
    await run.gone();
    assert.equal(run.conformance().interrupted, true);
  });
});
