import assert from 'node:assert/strict';
import { execFile, spawnSync } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';

import type { FailureReport, TrafficReport } from '../testing/capture_probe.ts';
import type { CaptureCount } from './dumpcap.ts';
import { PcapDecoder } from './pcap.ts';

const PROBE = new URL('../testing/capture_probe.ts', import.meta.url).pathname;
const NAMESPACE = ['--user', '--map-root-user', '--net'];
const run = promisify(execFile);

function missingForCapture(): string | false {
  if (spawnSync('unshare', [...NAMESPACE, 'true']).status !== 0)
    return 'no network namespace can be made here';
  if (spawnSync('dumpcap', ['-v']).status !== 0) return 'dumpcap is not installed';
  return false;
}

const skip = missingForCapture();
let folder = '';
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'capture-namespace-'));
});
after(() => rm(folder, { recursive: true }));

async function probe<Report>(namespace: readonly string[], ...args: string[]): Promise<Report> {
  const { stdout } = await run('unshare', [...namespace, process.execPath, PROBE, ...args]);
  const report: Report = JSON.parse(stdout);
  return report;
}

test('sees each message that real sockets sent once, in order, from any thread', { skip }, async () => {
  const file = join(folder, 'traffic.pcap');
  const began = performance.now();
  const report = await probe<TrafficReport>(NAMESPACE, 'traffic', file);
  const lasted = performance.now() - began;
  assert.equal(report.seen.length, 6);
  assert.deepEqual(
    report.seen.map((one) => ({ ...one, age: 0 })),
    report.sent,
  );
  for (const { age } of report.seen) assert.ok(age > -5 && age < lasted, `${age} ms`);
  assert.deepEqual(
    report.seenByWorker,
    report.sent.map(({ text }) => text),
  );
  assert.equal(report.dropped, 0);

  const whole = new PcapDecoder();
  const packets = whole.push(await readFile(file)).length;
  assert.equal(packets, report.packets);
  const ofCall = new PcapDecoder();
  const texts = ofCall.push(Buffer.from(report.pcap, 'base64')).map(({ raw }) => raw.toString('latin1', 42));
  assert.deepEqual(
    texts,
    report.sent.slice(0, 3).map(({ text }) => text),
  );
});

test('says how many packets were lost', { skip }, async () => {
  const count = await probe<CaptureCount>(NAMESPACE, 'overrun', join(folder, 'overrun.pcap'));
  assert.ok(count.dropped > 50, `${count.dropped} dropped`);
  assert.ok(count.packets > 0, `${count.packets} captured`);
});

test('says that dumpcap was killed, both on settle and on stop', { skip }, async () => {
  const [settling, stopping] = await probe<FailureReport[]>(NAMESPACE, 'killed', join(folder, 'killed.pcap'));
  assert.equal(settling?.code, 'capture-stalled');
  assert.equal(stopping?.code, 'capture-ended');
  assert.match(stopping.message, /dumpcap on lo ended by itself/);
});

interface Refusal {
  readonly why: string;
  readonly namespace: readonly string[];
  readonly interface?: string;
  readonly code: string;
  readonly mend: RegExp;
}

const REFUSALS: readonly Refusal[] = [
  {
    why: 'has no right to the network',
    namespace: ['--user', '--map-root-user'],
    code: 'capture-not-permitted',
    mend: /unshare --user --map-root-user --net/,
  },
  {
    why: 'finds no such interface',
    namespace: [...NAMESPACE, 'sh', '-c', 'ip link set lo up && exec "$@"', 'sh'],
    interface: 'nowhere0',
    code: 'interface-unusable',
    mend: /There is no device named "nowhere0".*ip link set nowhere0 up/,
  },
  { why: 'finds lo down', namespace: NAMESPACE, code: 'interface-unusable', mend: /ip link set lo up/ },
  {
    why: 'is not installed',
    namespace: [...NAMESPACE, 'sh', '-c', 'ip link set lo up && PATH=/nowhere exec "$@"', 'sh'],
    code: 'dumpcap-missing',
    mend: /apt-get install wireshark-common/,
  },
];

for (const refusal of REFUSALS) {
  test(`names the mend where dumpcap ${refusal.why}`, { skip }, async () => {
    const file = join(folder, 'refused.pcap');
    const report = await probe<FailureReport>(refusal.namespace, 'refusal', file, refusal.interface ?? 'lo');
    assert.equal(report.code, refusal.code, report.message);
    assert.match(report.message, refusal.mend);
  });
}

test('says that the file cannot be written', { skip }, async () => {
  const report = await probe<FailureReport>(NAMESPACE, 'refusal', join(folder, 'missing', 'refused.pcap'));
  assert.equal(report.code, 'capture-file');
});
