import assert from 'node:assert/strict';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { after, describe, it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { stringify } from 'yaml';
import { wayIntoLab } from '../harness/lab/namespace.ts';
import type { Place, PlaceName, TargetDescriptor } from '../harness/target/descriptor.ts';
import { loadTarget } from '../harness/target/load.ts';
import { conformanceSchema, type Conformance } from '../reports/conformance.ts';
import { CommandRun } from './command_run.ts';

const folder = mkdtempSync(join(tmpdir(), 'features-'));
after(() => rmSync(folder, { recursive: true }));

const REFERENCE = loadTarget('reference');
const LAB = REFERENCE.places.lab ?? assert.fail('the reference has no lab');
const LAB_CONFIG = ['--config', 'targets/reference/lab.yaml'];
const skip = 'reason' in wayIntoLab() && 'needs the lab';
const POLL_MS = 10;

/** A PATH of nothing but what a run needs, less what is named. Java is never on it: no page of a report is read here. */
function pathWithout(...missing: readonly string[]): string {
  const place = mkdtempSync(join(folder, 'path-'));
  const names = ['node', 'sipp', 'dumpcap', 'unshare', 'ip', 'sudo', 'setpriv', 'env', 'sh'];
  for (const name of names.filter((one) => !missing.includes(one))) {
    const program = [process.execPath, ...onPath(name)].find((path) => path.endsWith(`/${name}`));
    if (program !== undefined) symlinkSync(program, join(place, name));
  }
  return place;
}

function onPath(name: string): string[] {
  const folders = `${process.env['PATH']}${delimiter}/usr/sbin${delimiter}/sbin`.split(delimiter);
  return folders.map((path) => join(path, name)).filter((path) => existsSync(path));
}

const PATH = pathWithout();

/** A run of the command, with a folder of its own for what it writes. */
class Run extends CommandRun {
  readonly out: string;

  constructor(flags: readonly string[], environment: Readonly<Record<string, string>> = {}) {
    const out = mkdtempSync(join(folder, 'out-'));
    super(process.execPath, ['scripts/features.ts', '--out', out, ...flags], { PATH, ...environment });
    this.out = out;
  }

  /** What it told the user on standard error, when it has ended as it should. */
  async complaint(exitCode: number): Promise<string> {
    assert.equal(await this.ended, exitCode, this.stdout + this.stderr);
    return this.stderr;
  }

  conformance(): Conformance {
    return conformanceSchema.parse(JSON.parse(readFileSync(join(this.out, 'conformance.json'), 'utf8')));
  }

  /** What became of a rule: its verdict and the reason for it. */
  rule(id: string): readonly [verdict: string | undefined, reason: string] {
    const rule = this.conformance().rules.find((one) => one.id === id);
    return [rule?.verdict, rule?.reason ?? ''];
  }

  /** Resolves when no process of it is left. */
  async gone(): Promise<void> {
    while (this.processes().length > 0) await delay(POLL_MS);
  }
}

interface Change {
  readonly name: string;
  readonly readyMs?: number;
  readonly placeName?: PlaceName;
  readonly place: Place;
}

/** The file of a descriptor like the reference's, with one place. */
function descriptor({ name, readyMs, placeName = 'lab', place }: Change): string {
  const timeouts = { ...REFERENCE.timeouts, ...(readyMs === undefined ? {} : { ready: { ms: readyMs } }) };
  const described: TargetDescriptor = { ...REFERENCE, name, timeouts, places: { [placeName]: place } };
  const file = join(folder, `${name}.yaml`);
  writeFileSync(file, stringify(described));
  return file;
}

function started(
  command: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Place['start'] {
  return { command: [...command], environment: { ...environment } };
}

async function freePorts(count: number): Promise<number[]> {
  const sockets = Array.from({ length: count }, () => createSocket('udp4').bind(0, '127.0.0.1'));
  await Promise.all(sockets.map((socket) => once(socket, 'listening')));
  const ports = sockets.map((socket) => socket.address().port);
  for (const socket of sockets) socket.close();
  return ports;
}

/** A place on loopback, on these ports, in which the reference is started. */
function loopback([api = 0, sip = 0, platform = 0]: readonly number[]): Place {
  const url = `http://127.0.0.1:${api}`;
  const ports = { API: api, SIP: sip, NEXT_HOP: platform };
  const variables = Object.entries(ports).map(([name, port]) => [`VOICE_EDGE_${name}_PORT`, String(port)]);
  return {
    start: started(
      ['node', 'impl/main.ts', '--config', 'targets/reference/loopback.yaml'],
      Object.fromEntries(variables),
    ),
    api: { baseUrl: url, tokenUrl: `${url}/api/v1/oauth2/token` },
    readyUrl: `${url}/health/ready`,
    sip: { host: '127.0.0.1', port: sip },
    platform: { host: '127.0.0.1', port: platform },
    vantagePoints: [],
  };
}

/** What is said of a run on these ports of loopback, of which another program has one. */
async function takenPort(name: string, ports: readonly number[]): Promise<string> {
  const target = descriptor({ name, placeName: 'loopback', place: loopback(ports) });
  return new Run(['--target', target, '--tags', '@sip.challenge']).complaint(2);
}

/** A run waits as long as it works, and there are two cores at the least. */
const OPTIONS = { concurrency: 3, timeout: 60_000 };

describe('what the command is asked for', OPTIONS, () => {
  it('--help tells how to use it', async () => {
    const run = new Run(['--help']);
    assert.equal(await run.complaint(0), '');
    assert.match(run.stdout, /^Usage: npm run features -- \[options\]\n/);
    for (const flag of ['target', 'profile', 'tags', 'place', 'parallel', 'out', 'help'])
      assert.match(run.stdout, new RegExp(`^  --${flag}\\b`, 'm'));
    assert.match(
      run.stdout,
      /^Exit codes: 0 conformant, 1 not conformant, 2 .*, 3 nothing was selected, 130 interrupted\.$/m,
    );
  });

  const wrong: readonly (readonly [what: string, flags: readonly string[], said: RegExp])[] = [
    ['an unknown flag', ['--verbose'], /^features: Unknown option '--verbose'.*\n\nUsage: npm run features/s],
    ['a word too many', ['sip'], /^features: Unexpected argument 'sip'.*\n\nUsage: npm run features/s],
    ['a flag without its value', ['--tags'], /^features: Option '--tags <value>' argument missing\n\nUsage/],
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
      'a place that the target has not',
      ['--place', 'remote'],
      /^features: the target reference cannot be run in the place "remote": its descriptor has lab, loopback\n$/,
    ],
    [
      'no number of scenarios',
      ['--parallel', 'many'],
      /^features: --parallel takes a whole number from 1 to 64, not "many"\n$/,
    ],
    [
      'an unknown target',
      ['--target', 'asterix'],
      /^features: no target "asterix": there is no file asterix, asterix\/target\.yaml, targets\/asterix\/target\.yaml\. Give a descriptor file, .* targets\/: .*reference/,
    ],
  ];
  for (const [what, flags, said] of wrong) {
    it(`${what} is refused`, async () => assert.match(await new Run(flags).complaint(2), said));
  }

  it('a broken descriptor is refused with file, line, field and mend of every fault', async () => {
    const file = 'scripts/fixtures/broken.yaml';
    assert.equal(
      await new Run(['--target', file]).complaint(2),
      `features: ${file} does not describe a target:
  line 12: userForms.0: Invalid option: expected one of "applicationId"|"uriUser"
  line 15: capabilities.downstream-sip: expected true, or {absent: why the target does not have it}
  line 14: capabilities.tcp is missing: expected true, or {absent: why the target does not have it}
  line 24: timeouts.answer.seconds is not a field: here are ms, rule
  line 31: places.remote.sip.port: expected number, received string
docs/targets.md explains every field; targets/reference/target.yaml is an example.
`,
    );
  });

  it('the variables of a remote target are missed by their names, before anything is started', async () => {
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
    it(`the tags ${expression} select nothing, exit code ${exitCode}`, async () => {
      assert.equal(await new Run(['--tags', expression]).complaint(exitCode), `features: ${said}\n`);
    });
  }

  it('a rule outside the profile selects nothing, and the profile is named', async () => {
    const run = new Run(['--profile', 'documented', '--tags', '@oauth.bearer.account-scope']);
    assert.match(
      await run.complaint(3),
      /profile documented and the tags .*The rule is not in that profile, or no feature/,
    );
  });

  it('a folder that cannot be made is named', async () => {
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

  it('SIPp, and says how to get it', async () => {
    const run = new Run(some, { PATH: pathWithout('sipp') });
    assert.match(
      await run.complaint(2),
      /^features: sipp is not on PATH\. Install it: apt-get install sip-tester \(Debian, Ubuntu\) or brew install sipp$/m,
    );
    await run.gone();
  });

  it('dumpcap, and says how to get it', async () => {
    const run = new Run(some, { PATH: pathWithout('dumpcap') });
    assert.match(
      await run.complaint(2),
      /^features: dumpcap is not on the PATH: apt-get install wireshark-common\.$/m,
    );
  });

  it('the lab where it is asked for, and says what that takes', async () => {
    const run = new Run(['--place', 'lab'], { PATH: pathWithout('unshare', 'sudo') });
    assert.match(
      await run.complaint(2),
      /^features: the lab cannot be raised: .*\(unshare is not on PATH.*It needs util-linux .*--place loopback\.$/m,
    );
  });

  it('a program to start', async () => {
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

  it('a target that becomes ready, and leaves no verdict of an earlier run behind', async () => {
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

  it('a target that does not end while it starts', async () => {
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

  it("the target's addresses, and shows what the target says of them", async () => {
    const command = ['node', 'scripts/fixtures/squatted_edge.ts', '198.18.67.80', '8080', ...LAB_CONFIG];
    const target = descriptor({ name: 'squatted', place: { ...LAB, start: started(command) } });
    const run = new Run(['--target', target, ...some]);
    assert.match(
      await run.complaint(2),
      /ended before it was ready: .*\nIts last lines:\n198\.18\.67\.80:8080 is taken/,
    );
    await run.gone();
  });
});

describe('addresses on loopback', OPTIONS, () => {
  it('are not taken from another program, for the API and for SIP', async () => {
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

  it('are enough for what needs no vantage point; the rest is inconclusive, with the reason', async () => {
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
    assert.deepEqual([witnesses, verdict, counts.scenarios.inconclusive], ['one', 'conformant', 4]);
    assert.match(run.stdout, /one witness/);
    await run.gone();
  });
});

describe('a run that comes to an early end', { ...OPTIONS, skip }, () => {
  /** Quick ones, and one that takes longer than an interrupted run may last. */
  const tags = ['--tags', '@app.get.no-password or @app.enable.password or @sip.auth.stale-nonce'];

  it('because the target dies: exit code 2, and everyone is told how it ended', async () => {
    const command = ['node', 'scripts/fixtures/dying_edge.ts', '198.18.67.80', '8080', '8081', ...LAB_CONFIG];
    const target = descriptor({ name: 'dying', place: { ...LAB, start: started(command) } });
    const run = new Run(['--target', target, '--tags', '@app.envelope or @sip.challenge', '--parallel', '1']);
    assert.equal(await run.ended, 2, run.stdout + run.stderr);
    const { verdict, errors, counts, interrupted } = run.conformance();
    assert.deepEqual([verdict, interrupted], ['error', false]);
    const [error = ''] = errors;
    assert.match(
      error,
      /^the target ended in the middle of the run: node scripts\/fixtures\/dying_edge\.ts .* ended with exit code 70\.\n/,
    );
    assert.match(error, /\nout of cheese\nWhole log: \S+target\.log$/);
    assert.ok(run.stdout.includes('ended with exit code 70.'), run.stdout);
    // What was in flight is nobody's failure; what had not begun when the end was known was not judged.
    const { passed, failed, error: errors_, inconclusive } = counts.scenarios;
    assert.deepEqual([passed, failed], [0, 0]);
    assert.ok(errors_ >= 1);
    assert.equal(errors_ + inconclusive, scenarios);
    await run.gone();
  });

  it('because of Ctrl-C: exit code 130, the reports so far, and nothing left behind', async () => {
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

  it('because of Ctrl-C while the target starts: at once, with a report that says so', async () => {
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

  it('because its outer process is killed: nothing is left behind', async () => {
    const run = new Run(tags);
    await run.says(' passed');
    run.child.kill('SIGKILL');
    await run.gone();
    assert.equal(run.conformance().interrupted, true);
  });
});
