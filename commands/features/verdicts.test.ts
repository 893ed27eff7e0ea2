import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';

import {
  descriptor,
  LAB,
  LAB_CONFIG,
  OPTIONS,
  REFERENCE,
  Run,
  skip,
  started,
} from '../testing/features_run.ts';

/** The reference with another realm in its challenges: sip.challenge fails, and rules that name no realm pass. */
const OTHER_REALM = {
  ...LAB,
  start: started(['node', 'faults/main.ts', '--fault', 'realm-of-the-parent-domain', ...LAB_CONFIG]),
};
const CHALLENGE = { rule: 'sip.challenge', reason: 'the realm is to change with the next release' };
const KEEPALIVE = { rule: 'sip.options.keepalive', reason: 'OPTIONS were not answered' };
const BOTH = ['--tags', '@sip.challenge or @sip.options.keepalive'];

describe('known failures of a target', { ...OPTIONS, skip }, () => {
  test('do not fail the run, and are not called passes', async () => {
    const target = descriptor({
      name: 'known',
      place: OTHER_REALM,
      more: { knownFailures: [CHALLENGE] },
    });
    const run = new Run(['--target', target, ...BOTH]);
    assert.equal(await run.ended, 0, run.stdout + run.stderr);
    const { verdict, knownFailures } = run.conformance();
    assert.equal(verdict, 'known-failures');
    assert.deepEqual(knownFailures, [{ ...CHALLENGE, standing: 'failed' }]);
    assert.equal(run.rule('sip.challenge')[0], 'failed');
    assert.deepEqual(run.rule('sip.options.keepalive'), ['passed', '']);
    assert.match(
      run.stdout,
      /^known to fail\n {2}the realm is to change with the next release\n {4}sip\.cha/m,
    );
    const junit = readFileSync(join(run.out, 'junit.xml'), 'utf8');
    assert.match(junit, /<skipped message="known failure: the realm is to change/);
    assert.doesNotMatch(junit, /<failure/);
  });

  test('fail the run when they pass, by name, after the unexpected failures', async () => {
    const target = descriptor({
      name: 'mended',
      place: OTHER_REALM,
      more: { knownFailures: [KEEPALIVE] },
    });
    const run = new Run(['--target', target, ...BOTH]);
    assert.equal(await run.ended, 1, run.stdout + run.stderr);
    assert.equal(run.conformance().verdict, 'nonconformant');
    assert.match(
      run.stdout,
      /^FAILED sip\.challenge: [\s\S]*^FAILED known failure sip\.options\.keepalive passes now: take it off the list/m,
    );
  });

  test('do not count where their rule is not selected', async () => {
    const target = descriptor({ name: 'elsewhere', place: LAB, more: { knownFailures: [CHALLENGE] } });
    const run = new Run(['--target', target, '--tags', '@sip.options.keepalive']);
    assert.equal(await run.ended, 0, run.stdout + run.stderr);
    const { verdict, knownFailures } = run.conformance();
    assert.equal(verdict, 'conformant');
    assert.deepEqual(knownFailures, [{ ...CHALLENGE, standing: 'not judged' }]);
  });

  test('excuse no error: a target that dies is still an error', async () => {
    const command = [
      'node',
      'commands/testing/fixtures/dying_edge.ts',
      '198.18.67.80',
      '8080',
      '8081',
      ...LAB_CONFIG,
    ];
    const target = descriptor({
      name: 'dying-as-known',
      place: { ...LAB, start: started(command) },
      more: { knownFailures: [{ rule: 'app.envelope', reason: 'it dies' }] },
    });
    const run = new Run(['--target', target, '--tags', '@app.envelope']);
    assert.equal(await run.ended, 2, run.stdout + run.stderr);
    const { verdict, knownFailures } = run.conformance();
    assert.deepEqual([verdict, knownFailures[0]?.standing], ['error', 'not judged']);
    await run.gone();
  });

  test('that nothing can match are named before anything is started, each with its line and mend', async () => {
    const target = descriptor({
      name: 'mistaken',
      place: LAB,
      more: {
        knownFailures: [
          { rule: 'sip.chalenge', reason: 'r' },
          { rule: 'dns.a', reason: 'r' },
          { rule: 'sip.via.one', scenario: 'One way', reason: 'r' },
          { rule: 'sip.via.one', scenario: 'Both ways', reason: 'r' },
          { rule: 'sip.via.one', scenario: 'Both ways', reason: 'again' },
        ],
      },
    });
    const lines = readFileSync(target, 'utf8').split('\n');
    const lineOf = (text: string, times = 1): number =>
      lines.flatMap((line, at) => (line.includes(text) ? [at + 1] : []))[times - 1] ?? 0;
    const run = new Run(['--target', target, '--tags', '@sip.challenge']);
    assert.equal(
      await run.complaint(2),
      `features: ${target} does not describe a target:
  line ${lineOf('rule: sip.chalenge')}: knownFailures.0.rule: no rule has the id "sip.chalenge": take one of features/rules.yaml
  line ${lineOf('rule: dns.a')}: knownFailures.1.rule: no scenario speaks of dns.a, so it cannot fail: take the entry off
  line ${lineOf('scenario: One way')}: knownFailures.2.scenario: sip.via.one has no scenario "One way": it has "Both ways"
  line ${lineOf('rule: sip.via.one', 3)}: knownFailures.4: sip.via.one, "Both ways" is there twice: take one off
docs/targets.md explains every field; targets/reference/target.yaml is an example.
`,
    );
  });
});

describe('a capability that a target claims but does not have', { ...OPTIONS, skip }, () => {
  for (const [what, came] of [
    ['refused', /connection refused/i],
    ['closed', /closed|reset|no (final )?answer/i],
  ] as const) {
    test(`fails its rules: tcp, where each connection is ${what}`, async () => {
      const fixture = [
        'commands/testing/fixtures/udp_only_edge.ts',
        LAB.sip.host,
        String(LAB.sip.port),
        '6161',
        what,
      ];
      const start = started(['node', ...fixture, ...LAB_CONFIG]);
      const run = new Run([
        '--target',
        descriptor({ name: `tcp-${what}`, place: { ...LAB, start } }),
        '--tags',
        '@sip.tcp or @sip.options.keepalive',
      ]);
      assert.equal(await run.ended, 1, run.stdout + run.stderr);
      assert.deepEqual(run.rule('sip.options.keepalive'), ['passed', '']);
      const rule = run.conformance().rules.find(({ id }) => id === 'sip.tcp');
      for (const { name, verdict, reason = '' } of rule?.scenarios ?? []) {
        assert.equal(verdict, 'failed', `${name}: ${reason}`);
        assert.match(reason, came, name);
      }
      await run.gone();
    });
  }

  test('fails its rules: downstream-sip, where no call is delivered', async () => {
    // An address that no packet of the lab gets to.
    const start = started(['node', 'impl/main.ts', ...LAB_CONFIG], { VOICE_EDGE_PLATFORM_HOST: '192.0.2.1' });
    const run = new Run([
      '--target',
      descriptor({ name: 'undelivering', place: { ...LAB, start } }),
      '--tags',
      '@sip.headers.vendor-stripped or @sip.headers.credentials-consumed or @sip.loop or @sip.hops.decrement ' +
        'or @sip.cancel or @sip.transaction.retransmit or @sip.dialog.in-route or @sip.headers.standard-kept',
    ]);
    assert.equal(await run.ended, 1, run.stdout + run.stderr);
    const judged = run.conformance().rules.filter(({ verdict }) => verdict !== 'uncovered');
    assert.equal(judged.length, 8);
    for (const { id, verdict, reason } of judged) assert.equal(verdict, 'failed', `${id}: ${reason}`);
    await run.gone();
  });

  test('is skipped if the descriptor says that it is absent, and a run that judges nothing is not green', async () => {
    const capabilities = { ...REFERENCE.capabilities, tcp: { absent: 'only UDP is documented' } };
    const target = descriptor({ name: 'udp-only', place: LAB, more: { capabilities } });
    const run = new Run(['--target', target, '--tags', '@sip.tcp']);
    assert.equal(await run.ended, 3, run.stdout + run.stderr);
    assert.deepEqual(run.rule('sip.tcp'), ['skipped', 'only UDP is documented']);
    assert.equal(run.conformance().verdict, 'inconclusive');
    assert.match(run.stdout, /^udp-only: no verdict, nothing could be judged \(/m);
  });
});
