import assert from 'node:assert/strict';
import { once } from 'node:events';
import { describe, test } from 'node:test';

import { CommandRun } from './testing/command_run.ts';

function any(...argv: string[]): CommandRun {
  return new CommandRun(process.execPath, ['commands/testing/fixtures/any_command.ts', ...argv]);
}

async function waiting(word: string): Promise<CommandRun> {
  const run = any(word);
  while (!run.stderr.includes('waiting')) await once(run.child.stderr, 'data');
  return run;
}

describe('a command', { concurrency: true }, () => {
  const ends: readonly (readonly [words: string, code: number, stdout: string, stderr: RegExp])[] = [
    ['0', 0, '', /^any: was given 0\n$/],
    ['1', 1, '', /^any: was given 1\n$/],
    ['mistake', 2, '', /^any: no such thing: take another\n$/],
    ['bug', 2, '', /^any: TypeError: nobody thought of this\n {4}at run /],
    ['--frogs', 2, '', /^any: Unknown option '--frogs'; any --help lists the options\n$/],
    [
      '--help',
      0,
      `Usage: any WORD

Exit codes:

  0    done
  2    the harness or its input
  3    nothing was selected
  130  interrupted
`,
      /^$/,
    ],
  ];
  for (const [words, code, stdout, stderr] of ends) {
    test(`that is told ${words} ends with ${code}`, async () => {
      const run = any(words);
      assert.equal(await run.ended, code);
      assert.equal(run.stdout, stdout);
      assert.match(run.stderr, stderr);
    });
  }

  test('writes all its output before it ends', async () => {
    const run = any('long');
    assert.equal(await run.ended, 0);
    assert.equal(run.stdout.length, 1_000_001);
  });

  test('goes on to its end when its reader has gone', async () => {
    const run = any('long');
    run.child.stdout.destroy();
    assert.equal(await run.ended, 0, run.stderr);
  });
});

describe('an interrupt', { concurrency: true }, () => {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    test(`by ${signal} reaches the command, which ends with 130`, async () => {
      const run = await waiting('waiting');
      run.child.kill(signal);
      assert.equal(await run.ended, 130);
      assert.equal(run.stderr, 'any: waiting\nany: interrupted\n');
    });
  }

  test('hides no bug', async () => {
    const run = await waiting('broken-by-it');
    run.child.kill('SIGINT');
    assert.equal(await run.ended, 130);
    assert.match(run.stderr, /^any: interrupted\nany: TypeError: nobody thought of this$/m);
  });

  test('that is repeated ends the command at once', async () => {
    const run = await waiting('unstoppable');
    const again = setInterval(() => run.child.kill('SIGINT'), 50);
    assert.equal(await run.ended, 130);
    clearInterval(again);
  });
});
