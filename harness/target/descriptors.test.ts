import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { after, describe, test } from 'node:test';

import { HarnessError } from '../verdict.ts';
import { withoutDescriptors } from './descriptors.ts';

/** For each line it reads, it says whether a file could be opened. */
const TRYING = `
  import { closeSync, openSync } from 'node:fs';
  import { createInterface } from 'node:readline';
  createInterface({ input: process.stdin }).on('line', () => {
    try {
      closeSync(openSync('/dev/null'));
      console.log('opened');
    } catch (error) {
      console.log(error.code);
    }
  });
`;

describe('withoutDescriptors', { skip: process.platform !== 'linux' && 'limits of Linux' }, () => {
  const child = spawn(process.execPath, ['--input-type=module', '--eval', TRYING], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const lines = createInterface({ input: child.stdout });
  after(() => void child.kill());

  async function tried(): Promise<unknown> {
    const answer = once(lines, 'line');
    child.stdin.write('\n');
    return (await answer)[0];
  }

  test('lets a process open nothing, until its limit is given back', async () => {
    assert.equal(await tried(), 'opened');
    const restore = withoutDescriptors(child.pid ?? 0);
    assert.equal(await tried(), 'EMFILE');
    restore();
    assert.equal(await tried(), 'opened');
    restore();
    assert.equal(await tried(), 'opened');
  });

  test('says that a process is not there', () => {
    assert.throws(
      () => withoutDescriptors(2 ** 30),
      (error) => error instanceof HarnessError && /process 1073741824 cannot be seen/.test(error.message),
    );
  });
});
