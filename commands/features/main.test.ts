import assert from 'node:assert/strict';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';

import {
  descriptor,
  folder,
  LAB,
  LAB_CONFIG,
  OPTIONS,
  pathWithout,
  Run,
  skip,
  started,
} from '../testing/features_run.ts';

describe('what the command is asked for', OPTIONS, () => {
  test('--help tells how to use it', async () => {
    const run = new Run(['--help']);
    assert.equal(await run.complaint(0), '');
    assert.match(run.stdout, /^Usage: npm run features -- \[options\]\n/);
    for (const flag of [
      'target',
      'profile',
      'tags',
      'place',
      'parallel',
      'seed',
      'repeat',
      'brief',
      'out',
      'help',
    ])
      assert.match(run.stdout, new RegExp(`^  --${flag}\\b`, 'm'));
    assert.match(
      run.stdout,
      /^Exit codes:\n\n {2}0 +conformant\n {2}1 +not conformant\n {2}2 .*\n {2}3 +nothing was selected or judged\n {2}130 +interrupted\n$/m,
    );
  });

  const wrong: readonly (readonly [what: string, flags: readonly string[], said: RegExp])[] = [
    [
      'an unknown flag',
      ['--verbose'],
      /^features: Unknown option '--verbose'; npm run features -- --help lists the options\n$/,
    ],
    [
      'a word too many',
      ['sip'],
      /^features: Unexpected argument 'sip'; npm run features -- --help lists the options\n$/,
    ],
    [
      'a flag without its value',
      ['--tags'],
      /^features: Option '--tags <value>' argument missing; npm run features -- --help lists the options\n$/,
    ],
    [
      'an unknown profile',
      ['--profile', 'strict'],
      /^features: --profile takes one of documented, interop, full, load, not "strict"\n$/,
    ],
    [
      'an unknown place',
      ['--place', 'moon'],
      /^features: --place takes one of lab, loopback, remote, not "moon"\n$/,
    ],
    [
      'a place that the target does not have',
      ['--place', 'remote'],
      /^features: the target reference cannot be run in the place "remote": its descriptor has lab, loopback\n$/,
    ],
    [
      'no number of scenarios',
      ['--parallel', 'many'],
      /^features: --parallel takes a whole number from 1 to 64, not "many"\n$/,
    ],
    ...['0', '-1', '1.5', '4294967296', 'now'].map((seed): (typeof wrong)[number] => [
      `the seed ${seed}`,
      [`--seed=${seed}`],
      new RegExp(`^features: --seed takes a whole number from 1 to 4294967295, not "${seed}"\\n$`),
    ]),
    [
      'no number of repeats',
      ['--repeat', '0'],
      /^features: --repeat takes a whole number from 1 to 1000, not "0"\n$/,
    ],
    [
      'an unknown target',
      ['--target', 'asterix'],
      /^features: no target "asterix": there is no file asterix, asterix\/target\.yaml, targets\/asterix\/target\.yaml\. Give a descriptor file, .* targets\/: .*reference/,
    ],
  ];
  for (const [what, flags, said] of wrong) {
    test(`${what} is refused`, async () => assert.match(await new Run(flags).complaint(2), said));
  }

  test('a broken descriptor is refused with file, line, field and mend of every problem', async () => {
    const file = 'commands/testing/fixtures/broken.yaml';
    assert.equal(
      await new Run(['--target', file]).complaint(2),
      `features: ${file} does not describe a target:
  line 12: userForms.0: Invalid option: expected one of "applicationId"|"uriUser"
  line 15: capabilities.downstream-sip: expected true, or {absent: why the target does not have it}
  line 14: capabilities.tcp is missing: expected true, or {absent: why the target does not have it}
  line 24: timeouts.answer.seconds is not a field; the fields here are ms, rule
  line 31: places.remote.sip.port: expected number, received string
docs/targets.md explains every field; targets/reference/target.yaml is an example.
`,
    );
  });

  test('unset variables of a remote target are named before anything is started', async () => {
    const tags = ['--tags', '@sip.challenge'];
    const run = new Run(['--target', 'targets/remote.example.yaml', ...tags], { EDGE_CLIENT_ID: 'there' });
    assert.equal(
      await run.complaint(2),
      "features: not set in the environment: EDGE_CLIENT_SECRET. The target's OAuth client is taken from there " +
        '(account in its descriptor): EDGE_CLIENT_SECRET=… npm run features -- …\n',
    );
  });

  const tags: readonly (readonly [expression: string, exitCode: number, said: string])[] = [
    [
      '@sip.challenge and (',
      2,
      '--tags "@sip.challenge and (" is no tag expression: syntax error: Unmatched (. Join tags with and, or, not and ' +
        'brackets: "@sip.challenge or (@app.envelope and not @sip.hops)"',
    ],
    [
      '@sip.challange',
      3,
      'no scenario fits the profile full and the tags "@sip.challange". @sip.challange: no such rule in features/rules.yaml.',
    ],
    [
      'sip.challenge',
      3,
      'no scenario fits the profile full and the tags "sip.challenge". A tag is @ and the id of a rule in ' +
        'features/rules.yaml, such as @sip.challenge.',
    ],
  ];
  for (const [expression, exitCode, said] of tags) {
    test(`the tags ${expression} select nothing, exit code ${exitCode}`, async () => {
      assert.equal(await new Run(['--tags', expression]).complaint(exitCode), `features: ${said}\n`);
    });
  }

  test('a rule outside the profile selects nothing, and the profile is named', async () => {
    const run = new Run(['--profile', 'documented', '--tags', '@oauth.bearer.account-scope']);
    assert.match(
      await run.complaint(3),
      /profile documented and the tags .*The rule is not in that profile, or no feature/,
    );
  });

  test('a folder that cannot be made is named', async () => {
    const file = join(folder, 'a-file');
    writeFileSync(file, '');
    const run = new Run(['--tags', '@sip.challenge', '--out', join(file, 'out')]);
    assert.match(
      await run.complaint(2),
      /^features: the folder \S+a-file\/out cannot be made for logs and reports: .*ENOTDIR/,
    );
  });
});

describe('what a run needs', { ...OPTIONS, skip }, () => {
  const some = ['--tags', '@sip.options.keepalive'];

  test('SIPp, and says how to get it', async () => {
    const run = new Run(some, { PATH: pathWithout('sipp') });
    assert.match(
      await run.complaint(2),
      /^features: sipp is not on PATH\. Install it: apt-get install sip-tester \(Debian, Ubuntu\) or brew install sipp$/m,
    );
    await run.gone();
  });

  test('dumpcap, and says how to get it', async () => {
    const run = new Run(some, { PATH: pathWithout('dumpcap') });
    assert.match(
      await run.complaint(2),
      /^features: dumpcap is not on the PATH: apt-get install wireshark-common\.$/m,
    );
  });

  test('the lab where it is asked for, and says what that takes', async () => {
    const run = new Run(['--place', 'lab'], { PATH: pathWithout('unshare', 'sudo') });
    assert.match(
      await run.complaint(2),
      /^features: the lab cannot be raised: .*\(unshare is not on PATH.*It needs util-linux .*--place loopback\.$/m,
    );
  });

  test('a program to start', async () => {
    const target = descriptor({
      name: 'absent',
      place: { ...LAB, start: started(['no-such-edge', '--fast']) },
    });
    const run = new Run(['--target', target, ...some]);
    assert.match(
      await run.complaint(2),
      /^features: the target could not be started: no-such-edge --fast: there is no program "no-such-edge"\. Install it, or mend places\.….start\.command/m,
    );
    await run.gone();
  });

  test('a target that becomes ready, and leaves no verdict of an earlier run behind', async () => {
    const start = started(['node', '-e', 'setInterval(() => {}, 1000)']);
    const target = descriptor({ name: 'deaf', readyMs: 300, place: { ...LAB, start } });
    const out = join(folder, 'out-of-an-earlier-run');
    mkdirSync(out);
    for (const name of ['conformance.json', 'junit.xml']) writeFileSync(join(out, name), 'conformant');
    const run = new Run(['--target', target, ...some, '--out', out]);
    assert.match(
      await run.complaint(2),
      /^features: the target was not ready within 300 ms \(timeouts\.ready\): GET http:\/\/198\.18\.67\.80:8080\/health\/ready: connect ECONNREFUSED 198\.18\.67\.80:8080\. Does its start command listen/m,
    );
    for (const name of ['conformance.json', 'junit.xml']) assert.ok(!existsSync(join(out, name)), name);
    await run.gone();
  });

  test('a target that does not end while it starts', async () => {
    const start = started(['node', 'impl/main.ts', '--confg', 'typo.yaml']);
    const target = descriptor({ name: 'mistyped', place: { ...LAB, start } });
    const run = new Run(['--target', target, ...some]);
    const complaint = await run.complaint(2);
    assert.match(
      complaint,
      /^features: the target ended before it was ready: node impl\/main\.ts --confg typo\.yaml ended with exit code 2\.\nIts last lines:\nUnknown option '--confg'/m,
    );
    assert.match(complaint, new RegExp(`^Whole log: ${run.out}/target\\.log$`, 'm'));
  });

  test("the target's addresses, and shows what the target says of them", async () => {
    const command = [
      'node',
      'commands/testing/fixtures/squatted_edge.ts',
      '198.18.67.80',
      '8080',
      ...LAB_CONFIG,
    ];
    const target = descriptor({ name: 'squatted', place: { ...LAB, start: started(command) } });
    const run = new Run(['--target', target, ...some]);
    assert.match(
      await run.complaint(2),
      /ended before it was ready: .*\nIts last lines:\n198\.18\.67\.80:8080 is taken/,
    );
    await run.gone();
  });
});
