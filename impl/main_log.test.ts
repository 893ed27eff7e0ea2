import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { createReadStream, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, before, describe, test } from 'node:test';

import { BusyPlatform, CUSTOMER, LoopbackCustomer, serviceSettings } from './testing/loopback_customer.ts';
import { RunningMain } from './testing/running_main.ts';
import { limited, metric, until } from './testing/surroundings.ts';

const BUSY = 486;
const DROPPED = 'voice_edge_log_lines_dropped_total';
const READY = /^ready api=(\S+) sip=udp:\S+:(\d+)\n/;

let directory: string;
let platform: BusyPlatform;
let run: RunningMain;

before(async () => {
  directory = mkdtempSync(join(tmpdir(), 'log-'));
  platform = await BusyPlatform.open();
});
after(() => {
  platform.close();
  rmSync(directory, { recursive: true });
});
afterEach(() => void run.child.kill('SIGKILL'));

/** Starts the service with a log of every call, which a shell sends there. */
function started(redirection = '', apiPort = 0): RunningMain {
  const settings = {
    ...serviceSettings(platform.port, ':memory:'),
    VOICE_EDGE_LOG_DECISIONS: 'true',
    VOICE_EDGE_API_PORT: String(apiPort),
  };
  return new RunningMain(settings, [], ['sh', '-c', `exec "$@" ${redirection}`, 'sh']);
}

/** Calls come through and the API answers; each leaves a line in the log. */
async function works(places: { apiUrl: string; sipPort: number }): Promise<void> {
  const customer = await LoopbackCustomer.open({ ...CUSTOMER, ...places });
  const application = await customer.enabled('Unlogged');
  assert.equal(await customer.call(application, application.sipAuthPassword ?? ''), BUSY);
  customer.close();
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const bound = server.address();
  server.close();
  await once(server, 'close');
  return typeof bound === 'object' && bound !== null ? bound.port : 0;
}

describe('the service outlives its log', () => {
  test('when the reader of its pipe is gone', async () => {
    run = started();
    const places = await run.places();
    run.child.stdout.destroy();
    await works(places);
    await works(places);
    assert.ok((await metric(places.apiUrl, DROPPED)) > 0);
    assert.equal(await run.stop(), 0, run.stderr);
    assert.equal(run.stderr, '');
  });

  test('and a new reader of the same pipe learns how many lines were lost', async () => {
    const pipe = join(directory, 'pipe');
    execFileSync('mkfifo', [pipe]);
    run = started(`> ${pipe}`);
    const reader = createReadStream(pipe);
    run.reads(reader);
    const places = await run.places();
    const closed = once(reader, 'close');
    reader.destroy();
    // A read that waits in the kernel ends with the next line.
    await fetch(places.apiUrl);
    await closed;
    await works(places);
    const lost = await metric(places.apiUrl, DROPPED);
    assert.ok(lost > 3, String(lost));
    run.reads(createReadStream(pipe));
    await until(async () => (await fetch(places.apiUrl)) && (run.stdout === '' ? undefined : run.stdout));
    const { lines } = await run.told('log.dropped');
    assert.ok(Number(lines) >= lost, `${String(lines)} of ${lost}`);
    assert.equal(await run.stop(), 0, run.stderr);
  });

  test('when its device is full from the start', async () => {
    const apiPort = await freePort();
    run = started('> /dev/full', apiPort);
    const lost = async (): Promise<number | undefined> =>
      metric(`http://127.0.0.1:${apiPort}`, DROPPED).catch(() =>
        run.child.exitCode === null ? undefined : Number.NaN,
      );
    assert.ok((await until(lost)) > 0, run.stderr);
    assert.equal(await run.stop(), 0, run.stderr);
  });

  test('when its file may not grow, and says how many lines were lost when it may again', async () => {
    const file = join(directory, 'log');
    run = started(`>> ${file}`);
    const [, apiUrl = '', port] = await until(() => {
      if (run.child.exitCode !== null) throw new Error(run.stderr);
      return READY.exec(readFileSync(file, { encoding: 'utf8', flag: 'a+' })) ?? undefined;
    });
    const places = { apiUrl, sipPort: Number(port) };
    const room = 10;
    await works(places);
    limited(run.child.pid, 'fsize', statSync(file).size + room);
    await works(places);
    const lost = await metric(apiUrl, DROPPED);
    assert.ok(lost > 3, String(lost));
    limited(run.child.pid, 'fsize', 'hard');
    await works(places);
    assert.equal(await run.stop(), 0, run.stderr);
    const [, ...lines] = readFileSync(file, 'utf8').trimEnd().split('\n');
    const cut = lines.filter((line) => !line.endsWith('}'));
    assert.deepEqual(
      cut.map(({ length }) => length),
      [room],
    );
    const whole = lines.filter((line) => line.endsWith('}')).map((line) => JSON.parse(line));
    const told = whole.filter(({ event }) => event === 'log.dropped');
    assert.equal(told.length, 1);
    assert.ok(told[0].lines >= lost, `${told[0].lines} of ${lost}`);
  });
});
