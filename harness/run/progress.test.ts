import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { Progress } from './progress.ts';

function written(isTTY: boolean, use: (progress: Progress) => void): string {
  let text = '';
  use(new Progress({ isTTY, write: (more) => (text += more) }, 'scenario'));
  return text;
}

const run = (progress: Progress): void => {
  progress.clear();
  progress.say('starting the target');
  progress.tick('running for 2 s');
  progress.clear();
  progress.clear();
};

describe('progress', () => {
  test('overwrites itself on a terminal, and leaves nothing behind', () => {
    assert.equal(
      written(true, run),
      '\rscenario: starting the target …\x1b[K\rrunning for 2 s\x1b[K\r\x1b[K',
    );
  });

  test('is a line for each thing elsewhere, without control characters, and does not tick', () => {
    assert.equal(written(false, run), 'scenario: starting the target\n');
  });
});
