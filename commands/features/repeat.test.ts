import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';

import { seedOfRepeat } from '../../harness/randomness.ts';
import {
  descriptor,
  folder,
  freePorts,
  LAB,
  LAB_CONFIG,
  loopback,
  OPTIONS,
  Run,
  skip,
  started,
} from '../testing/features_run.ts';

/** The random values that the callers of a run sent, in order: addresses, ports, tags, Call-IDs and cnonces. */
function madeUp(run: Run): string[] {
  const packets = readFileSync(join(run.out, 'run.pcap'), 'latin1');
  const headers = [
    /^From: <sip:(?:caller|alive)@[ -~]+/gm,
    /^Call-ID: (?:\d-)?[\da-f-]{36}@[\d.]+/gm,
    /cnonce="[\da-f-]{36}"/g,
  ].flatMap((pattern) => [...packets.matchAll(pattern)].map(({ 0: text, index }) => ({ text, index })));
  const inOrder = headers.toSorted((a, b) => a.index - b.index).map(({ text }) => text);
  return [...new Set(inOrder.map(withoutKernelsPort))];
}

/** SIPp is told its port; the kernel chooses that of a caller whose requests are written by hand. */
function withoutKernelsPort(from: string): string {
  return from.replace(/:\d+(?=>;tag=[\da-f]+$)/, '');
}

async function conformant(...flags: readonly string[]): Promise<Run> {
  const one = new Run(flags);
  assert.equal(await one.ended, 0, one.stdout + one.stderr);
  return one;
}

const FEW = '@sip.challenge.fresh-nonce or @sip.challenge.qop';

/** Few scenarios, one after the other. */
function few(seed: string): Promise<Run> {
  return conformant('--tags', FEW, '--seed', seed);
}

// One after the other: each makes several runs at once.
describe('a seed', { ...OPTIONS, concurrency: 1, skip }, () => {
  test('makes the same traffic in the same order; another seed makes other traffic', async () => {
    const [first, again, other] = await Promise.all([few('7'), few('7'), few('8')]);
    assert.deepEqual(madeUp(again), madeUp(first));
    assert.deepEqual(
      madeUp(other).filter((text) => madeUp(first).includes(text)),
      [],
    );
    assert.equal(first.conformance().seed, 7);
    assert.match(first.stderr, /^features: seed 7$/m);
    assert.match(first.stdout, /conformant \(.*, seed 7\)$/m);
  });

  test('gives a scenario the same values, whatever runs beside it', async () => {
    const [some, more] = await Promise.all([
      few('7'),
      conformant('--tags', `${FEW} or @sip.cancel`, '--parallel', '6', '--seed', '7'),
    ]);
    const sent = madeUp(more);
    assert.deepEqual(
      madeUp(some).filter((text) => !sent.includes(text)),
      [],
    );
  });

  test('is a new one if none is given, and is printed', async () => {
    const tags = ['--tags', '@sip.options.keepalive'];
    const [first, other] = await Promise.all([conformant(...tags), conformant(...tags)]);
    const { seed } = first.conformance();
    assert.match(first.stderr, new RegExp(`^features: seed ${seed}$`, 'm'));
    assert.notEqual(other.conformance().seed, seed);
  });
});

describe('--repeat', { ...OPTIONS, skip }, () => {
  const one = ['--tags', '@sip.challenge'];

  test('runs the selection that often, each time with a seed that follows from the first', async () => {
    const repeated = await conformant(...one, '--repeat', '2', '--seed', '7');
    const second = seedOfRepeat(7, 2);
    assert.match(
      repeated.stderr,
      new RegExp(`repeat 1 of 2\n.*seed 7\n.*repeat 2 of 2\n.*seed ${second}\n`, 's'),
    );
    assert.match(repeated.stdout, /^2 of 2 repeats conformant \(0 flaked, seed 7, [\d.]+ s\)$/m);
    assert.deepEqual(readdirSync(repeated.out), ['stability.json']);
  });

  test('tells what flaked, keeps the reports of that repeat, and ends as the worst one does', async () => {
    const command = [
      'node',
      'commands/testing/fixtures/moody_edge.ts',
      join(folder, 'starts'),
      ...LAB_CONFIG,
    ];
    const target = descriptor({ name: 'moody', place: { ...LAB, start: started(command) } });
    const repeated = new Run(['--target', target, ...one, '--repeat', '3', '--seed', '9']);
    assert.equal(await repeated.ended, 1, repeated.stdout + repeated.stderr);
    const words = `npm run features -- --parallel 1 --target ${target} --tags @sip.challenge --seed ${seedOfRepeat(9, 2)}`;
    assert.ok(repeated.stdout.includes(`\n    failed in repeat 2: ${words}\n`), repeated.stdout);
    assert.match(repeated.stdout, /^2 of 3 repeats conformant/m);
    assert.deepEqual(readdirSync(repeated.out).toSorted(), ['repeat-2', 'stability.json']);
    assert.ok(existsSync(join(repeated.out, 'repeat-2', 'conformance.json')));
    await repeated.gone();
  });

  test('does not begin a second run when the first leaves no report', async () => {
    const repeated = new Run(['--tags', '@sip.challange', '--repeat', '3']);
    const complaint = await repeated.complaint(3);
    assert.match(complaint, /no such rule in features\/rules\.yaml\.\n$/);
    assert.equal(complaint.match(/repeat \d of 3/g)?.length, 1);
    assert.deepEqual(readdirSync(repeated.out), []);
  });

  test('ends all repeats with Ctrl-C', async () => {
    const repeated = new Run(['--tags', '@app.get.no-password or @sip.auth.stale-nonce', '--repeat', '3']);
    await repeated.says(' passed');
    repeated.child.kill('SIGINT');
    assert.doesNotMatch(await repeated.complaint(130), /repeat 2 of 3/);
    await repeated.gone();
    assert.match(repeated.stdout, /^0 of 3 repeats conformant \(0 flaked/m);
  });

  test('goes on over loopback, and ends there with Ctrl-C too', async () => {
    const place = loopback(await freePorts(3));
    const target = descriptor({ name: 'repeated', placeName: 'loopback', place });
    const flags = ['--target', target, '--repeat', '2'];
    await conformant(...flags, ...one);
    const cut = new Run([...flags, '--tags', '@app.get.no-password or @sip.auth.stale-nonce']);
    await cut.says(' passed');
    cut.child.kill('SIGINT');
    assert.doesNotMatch(await cut.complaint(130), /repeat 2 of 2/);
    await cut.gone();
  });
});
