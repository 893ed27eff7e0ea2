import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { after, afterEach, before, describe, test } from 'node:test';

import { LoopbackAgent, pingText } from './testing/loopback_agent.ts';
import { BusyPlatform, CUSTOMER, serviceSettings } from './testing/loopback_customer.ts';
import { RunningMain } from './testing/running_main.ts';
import { leftNoDescriptor, limited, metric } from './testing/surroundings.ts';

let platform: BusyPlatform;
let caller: LoopbackAgent;
let run: RunningMain;

before(async () => {
  platform = await BusyPlatform.open();
  caller = await LoopbackAgent.open();
});
after(async () => {
  platform.close();
  await caller.close();
});
afterEach(() => void run.child.kill('SIGKILL'));

async function pinged(sipPort: number): Promise<void> {
  caller.send(pingText(CUSTOMER.domain, caller.port), sipPort);
  await caller.response(200);
}

async function connected(port: number): Promise<Socket> {
  const socket = connect(port, '127.0.0.1');
  await once(socket, 'connect');
  return socket;
}

describe('a process without a free descriptor', () => {
  test('closes new connections, goes on with the rest, and serves again when there are some', async () => {
    run = new RunningMain(serviceSettings(platform.port, ':memory:'));
    const { apiUrl, sipPort } = await run.places();
    leftNoDescriptor(run.child.pid);
    for (const port of [sipPort, Number(new URL(apiUrl).port)]) {
      for (let number = 0; number < 3; number++) {
        const socket = await connected(port);
        socket.resume();
        await once(socket, 'close');
      }
    }
    await pinged(sipPort);
    limited(run.child.pid, 'nofile', 'hard');
    assert.equal((await fetch(`${apiUrl}/health/ready`)).status, 200);
    const socket = await connected(sipPort);
    socket.write('\r\n\r\n');
    const [pong]: Buffer[] = await once(socket, 'data');
    assert.equal(pong?.toString(), '\r\n');
    socket.destroy();
    assert.equal(await run.stop(), 0, run.stderr);
  });

  test('says why it cannot replace a lost worker, and replaces it when it can', async () => {
    run = new RunningMain({
      ...serviceSettings(platform.port, ':memory:'),
      VOICE_EDGE_WORKERS: '2',
      VOICE_EDGE_DRAIN_SECONDS: '0',
    });
    const { apiUrl } = await run.places();
    const { pid } = run.child;
    leftNoDescriptor(pid);
    process.kill(workerOf(pid), 'SIGKILL');
    const failed = await run.told('edge.worker-failed');
    assert.match(String(failed['why']), /EMFILE/);
    limited(pid, 'nofile', 'hard');
    await run.told('edge.worker-replaced');
    assert.equal(await metric(apiUrl, 'voice_edge_workers'), 2);
    assert.equal(await run.stop(), 0, run.stderr);
  });
});

/** A child process of that process. */
function workerOf(parent: number | undefined): number {
  const children = readFileSync(`/proc/${parent}/task/${parent}/children`, 'utf8').trim().split(' ');
  return Number(children[0]);
}
