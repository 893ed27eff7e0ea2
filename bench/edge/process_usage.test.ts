import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, test } from 'node:test';

import { memoryOctetsOf } from '../../harness/target/process_memory.ts';
import { cpuMicrosOf } from './process_usage.ts';

/** Holds `octets`, works for `ms`, and says so; its child does the same. Then waits until its input ends. */
const WORKER = `
  const [octets, ms, isParent] = process.argv.slice(1).map(Number);
  const held = Buffer.alloc(octets, 1);
  const end = performance.now() + ms;
  while (performance.now() < end);
  if (isParent) {
    const { spawn } = require('node:child_process');
    const { execArgv, argv } = process;
    spawn(process.execPath, [...execArgv, octets, ms, 0], { stdio: ['pipe', 'inherit', 'inherit'] });
  }
  process.stdout.write('done\\n');
  process.stdin.resume().on('end', () => process.exit(held[0] - 1));
`;

interface Used {
  readonly cpuMicros: number;
  readonly memoryOctets: number;
}

/** The measured use of a process that worked, alone or with a child that did the same. */
async function usedBy(octets: number, ms: number, isParent: boolean): Promise<Used> {
  const child = spawn(process.execPath, ['-e', WORKER, String(octets), String(ms), isParent ? '1' : '0'], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  let said = '';
  child.stdout.setEncoding('utf8');
  while (said.split('done').length <= (isParent ? 2 : 1))
    said += String((await once(child.stdout, 'data'))[0]);
  const pid = child.pid ?? 0;
  const used = { cpuMicros: cpuMicrosOf(pid), memoryOctets: memoryOctetsOf(pid) };
  child.stdin.end();
  await once(child, 'exit');
  return used;
}

const OCTETS = 64 << 20;
const MS = 300;

describe('what a process used', { skip: process.platform !== 'linux' && 'read from /proc' }, () => {
  test('is its CPU time and memory', async () => {
    const { cpuMicros, memoryOctets } = await usedBy(OCTETS, MS, false);
    // Wide bounds: it may have shared the processor, and its start counts too.
    assert.ok(cpuMicros > MS * 100 && cpuMicros < 60_000_000, `${cpuMicros} µs`);
    assert.ok(memoryOctets > OCTETS && memoryOctets < 5 * OCTETS, `${memoryOctets} octets`);
  });

  test('includes that of its children', async () => {
    const alone = await usedBy(OCTETS, MS, false);
    const both = await usedBy(OCTETS, MS, true);
    assert.ok(both.memoryOctets > alone.memoryOctets + OCTETS, `${both.memoryOctets} octets`);
    assert.ok(both.cpuMicros > alone.cpuMicros, `${both.cpuMicros} µs`);
  });

  test('is 0 for a process that does not exist', () => {
    assert.equal(cpuMicrosOf(2 ** 30), 0);
    assert.equal(memoryOctetsOf(2 ** 30), 0);
  });
});
