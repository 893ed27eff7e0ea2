import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';

import { TimerWheel } from '../runtime/timer_wheel.ts';
import { ManualClock } from '../testing/manual_clock.ts';
import { RecordingUser } from '../testing/recording_user.ts';
import { TcpTransport } from './transport_tcp.ts';

const CONNECTIONS = 64;

/** Opens connections and says so while the thread that listens does nothing: the kernel establishes them alone. */
const CLIENT = `
  const { connect } = require('node:net');
  const { workerData: { port, count, flag } } = require('node:worker_threads');
  let open = 0;
  for (let i = 0; i < count; i++)
    connect({ host: '127.0.0.1', port }, () => {
      if (++open < count) return;
      Atomics.store(flag, 0, 1);
      Atomics.notify(flag, 0);
    }).on('error', () => undefined);
`;

test('a turn of the event loop accepts many connections, not one', async () => {
  const wheel = new TimerWheel(new ManualClock());
  const tcp = await TcpTransport.bind({ address: '127.0.0.1', port: 0 }, new RecordingUser(), wheel);
  const flag = new Int32Array(new SharedArrayBuffer(4));
  const client = new Worker(CLIENT, { eval: true, workerData: { port: tcp.port, count: CONNECTIONS, flag } });
  await once(client, 'online');
  Atomics.wait(flag, 0, 0, 20_000);
  let turns = 0;
  for (; tcp.counters.accepted < CONNECTIONS; turns++) await turn();
  await Promise.all([client.terminate(), tcp.close()]);
  assert.ok(turns < CONNECTIONS / 2, `${turns} turns for ${CONNECTIONS} connections`);
});
