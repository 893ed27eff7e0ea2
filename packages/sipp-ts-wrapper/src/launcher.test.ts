import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, test } from 'node:test';
import { Worker } from 'node:worker_threads';

import { firstMessage, goneProcess, processEntry, scenarioFile } from '../test/peers.ts';
import { startSipp } from './run.ts';

const run = JSON.stringify(join(import.meta.dirname, 'run.ts'));
const scenario = JSON.stringify(scenarioFile('options_server'));

/** Starts a server, tells its pid and trace, then does `last`. */
const starter = (say: string, last = '') => `
  import(${run}).then(async ({ startSipp }) => {
    const { pid, messageTrace } = await startSipp({ scenario: ${scenario}, calls: 'unbounded' });
    ${say}({ pid, messageTrace });
    ${last}
  });
`;
interface Started {
  pid: number;
  messageTrace: string;
}

function parent(last?: string) {
  return spawn(process.execPath, ['-e', starter('process.send', last)], { stdio: ['ignore', 1, 2, 'ipc'] });
}

describe('SIPp dies with its parent', () => {
  test('that is killed', async () => {
    const process_ = parent();
    const { pid } = await firstMessage<Started>(process_);
    process.kill(pid, 0);
    process_.kill('SIGKILL');
    await goneProcess(pid);
  });

  test('that exits, and leaves no files then', async () => {
    const process_ = parent("process.once('message', () => process.exit(3));");
    const { pid, messageTrace } = await firstMessage<Started>(process_);
    assert.ok(existsSync(messageTrace));
    process_.send('exit');
    const [code] = await once(process_, 'exit');
    assert.equal(code, 3);
    await goneProcess(pid);
    assert.equal(existsSync(dirname(messageTrace)), false);
  });

  test('that is a worker thread', async () => {
    const worker = new Worker(starter('require("node:worker_threads").parentPort.postMessage'), {
      eval: true,
    });
    const { pid } = await firstMessage<Started>(worker);
    await worker.terminate();
    await goneProcess(pid);
  });
});

describe('a terminal', () => {
  test("does not reach SIPp with Ctrl-C: it is in no process group of its parent's", async () => {
    const process_ = parent();
    const { pid } = await firstMessage<Started>(process_);
    assert.equal(processEntry(pid)?.group, pid);
    process_.kill('SIGKILL');
    await goneProcess(pid);
  });
});

test('a run whose launcher is killed fails and leaves no SIPp; the next one has a launcher of its own', async () => {
  const options = { scenario: scenarioFile('options_server'), calls: 'unbounded' } as const;
  const first = await startSipp(options);
  process.kill(parentOf(first.pid), 'SIGKILL');
  await assert.rejects(first.exited, { name: 'SippError', code: 'SIPP_LOST' });
  await goneProcess(first.pid);
  const second = await startSipp(options);
  const { outcome } = await second.stop();
  assert.equal(outcome, 'passed');
});

/** `pid (name) state ppid …` */
function parentOf(pid: number): number {
  return Number(/\) \S (\d+) /.exec(readFileSync(`/proc/${pid}/stat`, 'utf8'))?.[1]);
}
