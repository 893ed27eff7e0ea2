import assert from 'node:assert/strict';
import { test } from 'node:test';

import { readConfig } from '../config/config.ts';
import type { LogEntry } from '../observe/log.ts';
import { LoopbackAgent } from '../testing/loopback_agent.ts';
import { innerPortsOf, isFree } from './inner_ports.ts';

/** The inner ports of three workers, and what was logged. */
async function chosen(port: number, innerPort: number): Promise<{ ports: number[]; logged: LogEntry[] }> {
  const config = readConfig({});
  assert.ok(!('problems' in config));
  const logged: LogEntry[] = [];
  const ports = await innerPortsOf({ ...config.sip, port, innerPort }, 3, (entry) => logged.push(entry));
  return { ports, logged };
}

test('inner ports are the configured one and those after it, taken or not', async () => {
  await using taken = await LoopbackAgent.open();
  const { port } = taken;
  assert.deepEqual(await chosen(6160, port), { ports: [port, port + 1, port + 2], logged: [] });
});

test('inner ports are those after the service’s port if none is configured', async () => {
  let port = 20_500;
  while (
    !(await isFree('127.0.0.1', port + 1)) ||
    !(await isFree('127.0.0.1', port + 2)) ||
    !(await isFree('127.0.0.1', port + 3))
  )
    port += 4;
  assert.deepEqual(await chosen(port, 0), { ports: [port + 1, port + 2, port + 3], logged: [] });
});

test('a taken inner port is left to the kernel, and a log line says how to mend it', async () => {
  await using taken = await LoopbackAgent.open();
  const { ports, logged } = await chosen(taken.port - 2, 0);
  assert.equal(ports[1], 0);
  const told = logged.find(({ worker }) => worker === 1)!;
  assert.deepEqual([told.level, told.event, told['port']], ['warn', 'edge.inner-port-taken', taken.port]);
  assert.match(String(told['mend']), /VOICE_EDGE_SIP_INNER_PORT/);
});

test('there is no inner port above 65535', async () => {
  const { ports, logged } = await chosen(65_535, 0);
  assert.deepEqual(ports, [0, 0, 0]);
  assert.equal(logged.length, 3);
});

test('inner ports are the kernel’s choice if the service’s port is', async () => {
  assert.deepEqual(await chosen(0, 0), { ports: [0, 0, 0], logged: [] });
});
