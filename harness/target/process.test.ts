import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';

import { HarnessError } from '../verdict.ts';
import { TargetProcess } from './process.ts';

const folder = mkdtempSync(join(tmpdir(), 'target-process-'));
after(() => rmSync(folder, { recursive: true }));

let logs = 0;
const freshLog = (): string => join(folder, `${(logs += 1)}.log`);

function node(script: string, logFile = freshLog(), environment = {}): Promise<TargetProcess> {
  return TargetProcess.start([process.execPath, '-e', script], environment, logFile);
}

/** Waits until the log says so: what the process does next has begun. */
async function said(logFile: string, text: RegExp): Promise<RegExpExecArray> {
  for (;;) {
    const found = text.exec(readFileSync(logFile, { encoding: 'utf8', flag: 'a+' }));
    if (found) return found;
    await delay(2);
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    // A child that nobody has waited for is dead too.
    return !/^State:\sZ/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}

async function gone(pid: number): Promise<void> {
  while (isAlive(pid)) await delay(2);
}

describe('a target that ends by itself', () => {
  test('is reported with its exit code, its last lines and its log', async () => {
    const log = freshLog();
    const target = await node(
      'console.log("all is well"); console.error("port taken"); process.exitCode = 3',
      log,
    );
    const { sentence, details } = await target.ended;
    assert.match(sentence, /node -e console\.log\(.* ended with exit code 3\.$/);
    const lines = details.split('\n');
    assert.equal(lines[0], 'Its last lines:');
    assert.deepEqual(lines.slice(1, 3).toSorted(), ['all is well', 'port taken']);
    assert.equal(lines[3], `Whole log: ${log}`);
    await target.stop();
    assert.match(readFileSync(log, 'utf8'), /all is well\n/);
  });

  test('is reported with the signal', async () => {
    const target = await node('process.kill(process.pid, "SIGKILL")');
    const { sentence, details } = await target.ended;
    assert.match(sentence, / ended by SIGKILL\.$/);
    assert.match(details, /^It said nothing\.\n/);
  });

  test('is quoted with its last twelve lines, each whole, and all of them are in the log', async () => {
    const log = freshLog();
    const target = await node(
      `for (let n = 1; n <= 40; n++) process.stdout.write('line '); process.stdout.write('\\n');
       let n = 0; const timer = setInterval(() => { process.stdout.write(n % 2 ? n + ' ends\\n' : n + ' begins, '); if (++n === 32) clearInterval(timer); }, 1)`,
      log,
    );
    const lines = (await target.ended).details.split('\n').slice(1, -1);
    assert.deepEqual(
      lines,
      Array.from({ length: 12 }, (_, index) => `${8 + index * 2} begins, ${9 + index * 2} ends`),
    );
    await said(log, /31 ends\n$/);
  });

  test('is reported at once, even if a child of it lives on and holds its output', async () => {
    const log = freshLog();
    const target = await TargetProcess.start(
      [
        'sh',
        '-c',
        `"${process.execPath}" -e 'console.log("child", process.pid); setInterval(() => {}, 1000)' & exit 4`,
      ],
      {},
      log,
    );
    assert.match((await target.ended).sentence, /ended with exit code 4\.$/);
    const [, child] = await said(log, /child (\d+)/);
    assert.ok(isAlive(Number(child)));
    await target.stop();
    await gone(Number(child));
  });
});

describe('a target that is stopped', () => {
  test('may end in its own way', async () => {
    const log = freshLog();
    const target = await node(
      'process.on("SIGTERM", () => { console.log("saved"); process.exit(0); }); setInterval(() => {}, 1000); console.log("up")',
      log,
    );
    await said(log, /up/);
    await target.stop();
    assert.match((await target.ended).sentence, /with exit code 0\.$/);
    assert.match(readFileSync(log, 'utf8'), /saved/);
  });

  test('is killed when it ignores SIGTERM', async () => {
    const log = freshLog();
    const target = await node(
      'process.on("SIGTERM", () => console.log("never mind")); setInterval(() => {}, 1000); console.log("up")',
      log,
    );
    await said(log, /up/);
    await target.stop(100);
    assert.match((await target.ended).sentence, /by SIGKILL\.$/);
    assert.match(readFileSync(log, 'utf8'), /never mind/);
  });

  test('takes its children with it, and gives them the same time to end', async () => {
    const log = freshLog();
    const child = `process.on("SIGTERM", () => setTimeout(() => { console.log("child saved"); process.exit(); }, 300)); setInterval(() => {}, 1000); console.log("child", process.pid)`;
    const target = await TargetProcess.start(
      ['sh', '-c', `"${process.execPath}" -e '${child}' & wait`],
      {},
      log,
    );
    const [, pid] = await said(log, /child (\d+)/);
    await target.stop();
    assert.match(readFileSync(log, 'utf8'), /child saved/);
    await gone(Number(pid));
  });

  test('takes children with it that ignore the signal and their output', async () => {
    const log = freshLog();
    const pidFile = join(folder, 'deaf.pid');
    const child =
      'process.on("SIGTERM", () => {}); require("fs").writeFileSync(process.argv[1], `${process.pid}.`); setInterval(() => {}, 1000)';
    const target = await TargetProcess.start(
      ['sh', '-c', `"${process.execPath}" -e '${child}' "${pidFile}" >/dev/null 2>&1 & wait`],
      {},
      log,
    );
    const [, pid] = await said(pidFile, /^(\d+)\./);
    await target.stop(200);
    await gone(Number(pid));
  });

  test('may be stopped twice, and after its end', async () => {
    const target = await node('setInterval(() => {}, 1000)');
    await Promise.all([target.stop(), target.stop()]);
    await target.stop();
  });
});

async function refusal(command: readonly string[]): Promise<string> {
  try {
    const target = await TargetProcess.start(command, {}, freshLog());
    await target.stop();
  } catch (error) {
    assert.ok(error instanceof HarnessError);
    return error.message;
  }
  return 'it starts';
}

describe('a start', () => {
  test('hands the environment on, with what the descriptor adds', async () => {
    const log = freshLog();
    const target = await node('console.log(process.env.PATH === process.argv[1], process.env.ADDED)', log, {
      ADDED: 'yes',
    });
    await target.ended;
    assert.match(readFileSync(log, 'utf8'), /^(true|false) yes\n$/);
  });

  const MEND =
    'mend places.….start.command in its descriptor, which is run from the repository root, without a shell';

  test('of a program that is not there is refused with the mend', async () => {
    assert.equal(
      await refusal(['no-such-edge', '--config', 'x']),
      `the target could not be started: no-such-edge --config x: there is no program "no-such-edge". Install it, or ${MEND}`,
    );
  });

  test('of a file that is no program is refused with the mend', async () => {
    const file = join(folder, 'edge.sh');
    writeFileSync(file, 'exit 0\n');
    assert.equal(
      await refusal([file]),
      `the target could not be started: ${file}: "${file}" is not a program that may be run. Give it the right (chmod +x), or ${MEND}`,
    );
  });
});
