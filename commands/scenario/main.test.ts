import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { after, before, describe, test } from 'node:test';

import { wayIntoLab } from '../../harness/lab/namespace.ts';
import { CommandRun } from '../testing/command_run.ts';

/** Everything but printable characters and line ends. */
const CONTROL = /[^\P{Cc}\n]/u;
const inLab = 'way' in wayIntoLab();

function scenario(...flags: string[]): CommandRun {
  return new CommandRun(process.execPath, ['commands/scenario/main.ts', ...flags]);
}

describe('npm run scenario', () => {
  let out: string;
  before(() => {
    out = mkdtempSync(join(tmpdir(), 'scenario-'));
  });
  after(() => rmSync(out, { recursive: true }));

  const call = (...flags: string[]): CommandRun => scenario(...flags, '--out', out);

  test('a call that passes: messages as they happen, the ladder of both sides, the packets', async () => {
    const run = call('invite-digest');
    assert.equal(await run.ended, 0, run.stderr);
    const [live = '', report = ''] = run.stdout.split('\n      ms  ');
    assert.match(live, /^invite-digest: A whole call with digest authentication/);
    assert.match(live, /^ +\d+ ms <- 407 Proxy Authentication Required \(CSeq 1 INVITE\)$/m);
    assert.match(report, /^caller [\d.]+:\d+ +reference [\d.]+ +voice platform [\d.]+:\d+\n/);
    assert.match(report, /^ +\d+ {2}\|-- INVITE \(CSeq 2 INVITE\) -+>\| +\|$/m);
    assert.match(report, /^ +\d+ {2}\| +\|-- INVITE \(CSeq 2 INVITE\) -+>\|$/m);
    assert.match(report, /^PASSED: 1 of 1 call succeeded; 0 retransmissions, \d+ ms$/m);
    assert.doesNotMatch(run.stdout + run.stderr, CONTROL);
    const pcap = join(out, 'scenario.pcap');
    assert.equal(report.includes(`packets: ${pcap}`), inLab);
    // A capture file's header alone has 24 octets.
    if (inLab) assert.ok(statSync(pcap).size > 1_000);
  });

  test('a call that fails: exit code 1, the reason, and that nothing was delivered', async () => {
    const run = call('invite-digest', '--wrong-password');
    assert.equal(await run.ended, 1, run.stderr);
    assert.match(
      run.stdout,
      /^FAILED: call 1: expected 200 .*, received 401 Unauthorized \(scenarios\/.*:\d+\)/m,
    );
    assert.match(run.stdout, /^Nothing was delivered to the voice platform\.$/m);
  });

  /** Those that no step uses: SIPp itself says whether the rule holds. */
  const ALONE: [flags: string[], exitCode: number, says: RegExp][] = [
    [['invite-challenge'], 0, /^PASSED: /m],
    [['invite-challenge', '--auth', 'ip'], 1, /^FAILED: call 1: expected 407 .*, received 180 Ringing/m],
    [['invite-digest-refused', '--wrong-password'], 0, /^PASSED: /m],
    [['invite-digest-refused'], 1, /^FAILED: call 1: expected 401 .*, received 200 OK/m],
  ];
  for (const [flags, exitCode, says] of ALONE) {
    test(`exit code ${exitCode} of: ${flags.join(' ')}`, { skip: !inLab && 'needs the lab' }, async () => {
      const run = call(...flags);
      assert.equal(await run.ended, exitCode, run.stdout + run.stderr);
      assert.match(run.stdout, says);
    });
  }

  test(
    'another vantage point than the trusted one is refused',
    { skip: !inLab && 'needs the lab' },
    async () => {
      const run = call('sip/invite-any-answer.xml', '--auth', 'ip', '--trust', 'US', '--from', 'eu');
      assert.equal(await run.ended, 0, run.stdout + run.stderr);
      assert.match(run.stdout, /401 Unauthorized/);
      assert.match(
        run.stdout,
        /caller +203\.0\.113\.140 \(EU\)\n.*\n +application +lets callers in by address \(203\.0\.113\.10\)/,
      );
    },
  );

  test('a scenario of your own: [to_user] is another application, --key gives the rest', async () => {
    const file = join(out, 'own.xml');
    const known = readFileSync('scenarios/sip/invite-digest-forbidden.xml', 'utf8');
    writeFileSync(file, known.replaceAll('Subject: answer', 'Subject: [word]'));
    const without = call(file);
    assert.equal(await without.ended, 2, without.stdout);
    assert.match(without.stderr, /own\.xml:\d+: \[word\] is no keyword of SIPp\..*--key NAME=VALUE here/);
    const given = call(file, '--key', 'word=answer');
    assert.equal(await given.ended, 0, given.stdout + given.stderr);
    assert.match(given.stdout, /403 Forbidden/);
  });

  test(
    'an interrupt ends the call and all that was started',
    { skip: process.platform !== 'linux' },
    async () => {
      const run = call('invite-digest-stale', '--pause', '60000');
      await run.says('407 Proxy Authentication Required');
      run.child.kill('SIGINT');
      assert.equal(await run.ended, 130, run.stderr);
      assert.match(run.stdout, /^ABORTED: /m);
      assert.deepEqual(await run.survivors(), []);
    },
  );

  test('without a scenario it lists each with a sentence', async () => {
    const run = scenario();
    assert.equal(await run.ended, 0, run.stderr);
    const files = readdirSync('scenarios', { recursive: true, encoding: 'utf8' }).filter((file) =>
      file.endsWith('.xml'),
    );
    assert.ok(files.length > 0);
    for (const file of files)
      assert.match(run.stdout, new RegExp(`^  ${basename(file, '.xml')} +\\S.*\\.$`, 'm'));
  });

  test('--help shows the options, and with a host those of sipp-run', async () => {
    const own = scenario('--help');
    const ofSippRun = scenario('--target', '192.0.2.1', '--help');
    assert.equal(await own.ended, 0);
    assert.match(own.stdout, /^Usage: npm run scenario[\s\S]*--wrong-password/);
    assert.equal(await ofSippRun.ended, 0);
    assert.match(ofSippRun.stdout, /^sipp-run [\s\S]*--password-env/);
  });

  const REFUSED: [flags: string[], message: RegExp][] = [
    [['invite-digst'], /^scenario: no scenario "invite-digst": .*Did you mean invite-digest, /],
    [['invite-digst', '--target', '192.0.2.1:5060'], /^scenario: no scenario "invite-digst": .*Did you mean/],
    [['voice-platform'], /^scenario: scenarios\/sip\/voice-platform\.xml waits for calls and makes none\./],
    [['options', 'register'], /^scenario: one scenario at a time: "register" is too much/],
    [['options', '--target', 'nowhere'], /^scenario: no target "nowhere"/],
    [['options', '--target', 'no/such.yaml'], /^scenario: no target "no\/such\.yaml"/],
    [['options', '--auth', 'none'], /^scenario: --auth takes one of password, ip, both, not "none"/],
    [['options', '--from', 'mars'], /^scenario: "mars" is neither an IPv4 address nor a vantage point/],
    [['options', '--regions', 'US,MARS'], /^scenario: reference knows no region "MARS": it has US, EU/],
    [['options', '--trust', 'US'], /^scenario: --trust goes with --auth ip or --auth both/],
    [['options', '--key', 'word'], /^scenario: --key takes NAME=VALUE, not "word"/],
    [['options', '--pause', '2s'], /^scenario: --pause takes whole milliseconds, not "2s"/],
    [['options', '--pasword', 'x'], /^scenario: Unknown option '--pasword'; .*--help lists the options/],
  ];
  for (const [flags, message] of REFUSED) {
    test(`exit code 2 and a mend for: ${flags.join(' ')}`, async () => {
      const run = scenario(...flags);
      assert.equal(await run.ended, 2, run.stdout);
      assert.match(run.stderr, message);
      assert.equal(run.stderr.trimEnd().split('\n').length, 1, run.stderr);
      assert.equal(run.stdout, '');
    });
  }
});
