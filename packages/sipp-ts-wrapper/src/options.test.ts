import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { resolveOptions, type SippOptions } from './options.ts';
import { SippError } from './sipp_error.ts';

const scenario = 'call.xml';

describe('options', () => {
  test('have the documented defaults', () => {
    assert.deepEqual(resolveOptions({ scenario }), {
      scenario,
      local: { address: '127.0.0.1' },
      transport: 'udp',
      keys: {},
      calls: 1,
      trace: { messages: true, statistics: false, logs: true },
      extraArguments: [],
      executable: 'sipp',
    });
  });

  const refused: [SippOptions, RegExp][] = [
    [{ scenario: '' }, /^SIPp options: scenario: must not be empty$/],
    [{ scenario, remote: { host: 'edge.example', port: 70_000 } }, /remote\.port: must be 65535 or less/],
    [
      { scenario, remote: { host: 'sip:a@b', port: 5060 } },
      /remote\.host: must be a host name or an address/,
    ],
    [{ scenario, local: { address: 'localhost' } }, /local\.address: must be an IP address of this machine/],
    [{ scenario, local: { firstPort: 9_999 } }, /local\.firstPort: must be a port, 10000 to 29999/],
    [{ scenario, local: { port: 5060, firstPort: 10_000 } }, /local\.firstPort: goes without port/],
    [{ scenario, rows: [['ok'], ['a', 'b;c']] }, /rows\[1\]\[1\]: must not contain a semicolon/],
    [{ scenario, rows: [['a\nb']] }, /rows\[0\]\[0\]: must be one line/],
    [{ scenario, rows: [['#a']] }, /rows\[0\]: must not start with #/],
    [{ scenario, rows: [['']] }, /rows\[0\]: must not be empty/],
    [{ scenario, rows: [] }, /rows: must have a row, or be left out/],
    [{ scenario, keys: { 'a b': 'x' } }, /keys\.a b: must be a name of letters/],
    [{ scenario, service: 'a\r\nX: b' }, /service: must be one line/],
    [{ scenario, calls: 0 }, /calls: must be a whole number of 1 or more, or 'unbounded'/],
    [{ scenario, calls: 2, callId: 'same' }, /callId: must contain %u/],
    [{ scenario, rate: 5, users: 2 }, /users: goes without rate/],
    [{ scenario, limit: 5 }, /limit: goes with rate only/],
    [{ scenario, timeoutMs: 0.5 }, /timeoutMs: must be whole milliseconds/],
    [{ scenario, extraArguments: ['-ap', 'x'] }, /extraArguments\[0\]: must not set -ap: use credentials/],
    [{ scenario, extraArguments: ['-cp', '1'] }, /must not set -cp: this package needs it itself/],
  ];
  for (const [options, message] of refused) {
    test(`refuse ${JSON.stringify(options)}`, () => {
      assert.throws(
        () => resolveOptions(options),
        (failure) =>
          failure instanceof SippError && failure.code === 'OPTIONS_INVALID' && message.test(failure.message),
      );
    });
  }

  test('refuse names they do not know', () => {
    const misspelt = JSON.parse('{"scenario":"call.xml","remot":{"host":"a","port":1}}');
    assert.throws(() => resolveOptions(misspelt), /Unrecognized key: "remot"/);
  });

  test('never repeat a value that may be a secret', () => {
    const options = {
      scenario,
      credentials: { username: 'alice', password: 'sesame\n' },
      rows: [['sesame;']],
    };
    assert.throws(
      () => resolveOptions(options),
      (failure) => failure instanceof SippError && !failure.message.includes('sesame'),
    );
  });
});
