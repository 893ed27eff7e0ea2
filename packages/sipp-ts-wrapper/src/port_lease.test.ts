import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { existsSync, readlinkSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { Worker } from 'node:worker_threads';

import { firstMessage } from '../test/peers.ts';
import { LEASED_PORTS, leasePorts } from './port_lease.ts';

const module_ = JSON.stringify(join(import.meta.dirname, 'port_lease.ts'));
/** A lease's file is named after the network namespace, where there are any, and the block. */
const NAMESPACE_LINK = '/proc/self/ns/net';
const namespace = existsSync(NAMESPACE_LINK) ? `${readlinkSync(NAMESPACE_LINK).replaceAll(/\D/g, '')}-` : '';
const fileOf = (sip: number) =>
  join(tmpdir(), `sipp-port-leases-${userInfo().uid}`, `${namespace}${(sip - 10_000) / 8}`);

/** Leases ports in another process or thread and reports them. They are held until it ends. */
const leaser = (count: number, say: string) => `
  import(${module_}).then(async ({ leasePorts }) => {
    const leases = await Promise.all(Array.from({ length: ${count} }, () => leasePorts('127.0.0.1')));
    ${say}(leases.map(({ sip }) => sip));
    setTimeout(() => undefined, 60_000);
  });
`;

describe('leased ports', () => {
  test('are never given twice, within a process and across processes and threads', async () => {
    const node = spawn(process.execPath, ['-e', leaser(20, 'process.send')], {
      stdio: ['ignore', 1, 2, 'ipc'],
    });
    const thread = new Worker(leaser(20, 'require("node:worker_threads").parentPort.postMessage'), {
      eval: true,
    });
    const [there, beside, here] = await Promise.all([
      firstMessage<number[]>(node),
      firstMessage<number[]>(thread),
      Promise.all(Array.from({ length: 20 }, () => leasePorts('127.0.0.1'))),
    ]);
    const all = [...there, ...beside, ...here.map(({ sip }) => sip)];
    assert.equal(new Set(all).size, 60);
    assert.ok(all.every((sip) => existsSync(fileOf(sip))));
    for (const lease of here) lease.release();
    assert.ok(here.every(({ sip }) => !existsSync(fileOf(sip))));
    node.kill('SIGKILL');
    await Promise.all([once(node, 'exit'), thread.terminate()]);
  });

  test('are four, the media port even', async () => {
    const lease = await leasePorts('127.0.0.1');
    const ports = [lease.sip, lease.control, lease.media, lease.media + 2];
    assert.equal(new Set(ports).size, 4);
    assert.equal(lease.media % 2, 0);
    lease.release();
    assert.equal(existsSync(fileOf(lease.sip)), false);
  });

  test('skip those that a stranger has bound', async () => {
    const first = await leasePorts('127.0.0.1');
    first.release();
    // The next block in turn: its media port is what the stranger has.
    const socket = createSocket('udp4');
    socket.bind({ port: first.media + 8, address: '127.0.0.1' });
    await once(socket, 'listening');
    const second = await leasePorts('127.0.0.1');
    assert.notEqual(second.sip, first.sip + 8);
    second.release();
    socket.close();
  });

  test('begin where they are asked to, or at the next that is free', async () => {
    const middle = 10_000 + 8 * 1_234 + 3;
    const first = await leasePorts('127.0.0.1', middle);
    const second = await leasePorts('127.0.0.1', middle);
    assert.deepEqual([first.sip, second.sip], [10_000 + 8 * 1_234, 10_000 + 8 * 1_235]);
    first.release();
    second.release();
    const last = await leasePorts('127.0.0.1', LEASED_PORTS.last);
    const around = await leasePorts('127.0.0.1', LEASED_PORTS.last);
    assert.deepEqual([last.sip, around.sip], [LEASED_PORTS.last - 7, LEASED_PORTS.first]);
    last.release();
    around.release();
  });

  test('of a dead process are taken over', async () => {
    const dead = spawn(process.execPath, ['-e', '']);
    await once(dead, 'exit');
    const first = await leasePorts('127.0.0.1');
    first.release();
    const stale = fileOf(first.sip + 8);
    writeFileSync(stale, String(dead.pid));
    const second = await leasePorts('127.0.0.1');
    assert.equal(second.sip, first.sip + 8);
    second.release();
    assert.equal(existsSync(stale), false);
    assert.equal(existsSync(`${stale}.reclaim`), false);
  });

  test('of a dead process are taken over too when its id has been reused', async () => {
    const first = await leasePorts('127.0.0.1');
    const [, mine] = /^\d+ (\d+)$/.exec(readFileSync(fileOf(first.sip), 'utf8')) ?? [];
    first.release();
    writeFileSync(fileOf(first.sip + 8), `${process.pid} ${Number(mine) - 1}`);
    const second = await leasePorts('127.0.0.1');
    assert.equal(second.sip, first.sip + 8);
    second.release();
  });

  test('of a living one are not', async () => {
    const first = await leasePorts('127.0.0.1');
    first.release();
    const taken = fileOf(first.sip + 8);
    writeFileSync(taken, String(process.ppid));
    const second = await leasePorts('127.0.0.1');
    assert.equal(second.sip, first.sip + 16);
    second.release();
    assert.equal(existsSync(taken), true);
    writeFileSync(taken, String(2 ** 30));
  });
});
