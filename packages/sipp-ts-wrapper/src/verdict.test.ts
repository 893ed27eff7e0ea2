import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import type { TracedMessage } from './trace_parser.ts';
import { verdict, type Evidence } from './verdict.ts';

const passing: Evidence = {
  exit: { code: 0, signal: null, durationMs: 9, cause: undefined, forced: false },
  calls: { requested: 2, created: 2, current: 0, successful: 2, failed: 0, failures: {} },
  errors: [],
  messages: [],
  scenario: {
    file: 'x.xml',
    role: 'client',
    steps: [
      { element: 'send', line: 3, expects: undefined, optional: false },
      { element: 'recv', line: 9, expects: '100', optional: true },
      { element: 'recv', line: 10, expects: '407', optional: false },
    ],
  },
  timeoutMs: 700,
  receiveTimeoutMs: undefined,
};
const with_ = (changes: {
  exit?: Partial<Evidence['exit']>;
  calls?: Partial<Evidence['calls']>;
  errors?: string[];
  messages?: TracedMessage[];
}): Evidence => ({
  ...passing,
  ...changes,
  exit: { ...passing.exit, ...changes.exit },
  calls: { ...passing.calls, ...changes.calls },
});
const heard = (text: string): TracedMessage => ({
  time: 0,
  direction: 'received',
  transport: 'udp',
  text,
  truncated: false,
});

describe('a verdict', () => {
  const cases: [string, Evidence, string][] = [
    ['passes', passing, 'passed: 2 of 2 calls succeeded'],
    [
      'does not pass where calls were never made',
      with_({ calls: { created: 1, successful: 1 } }),
      'failed: SIPp ended with exit code 0; 1 of 2 calls succeeded',
    ],
    [
      'does not pass on the counters alone',
      with_({ exit: { code: 97 } }),
      'failed: SIPp ended with exit code 97; 2 of 2 calls succeeded',
    ],
    [
      'does not pass with a failed call too many',
      with_({ calls: { created: 3, failed: 1, failures: { MaxUDPRetrans: 1 } } }),
      'failed: 2 of 2 calls succeeded; SIPp counted 1 MaxUDPRetrans',
    ],
    [
      'does not pass with a failed check',
      with_({
        errors: ["Failed regexp match: looking in 'SIP/2.0 200 OK\r\nVia: x\r\n', with regexp 'z.z'"],
      }),
      'failed: a check failed: no match of /z.z/ in 200 OK',
    ],
    [
      'names the call by its place on the wire',
      with_({
        exit: { code: 1 },
        calls: { successful: 1, failed: 1 },
        errors: [
          "Aborting call on unexpected message for Call-Id 'b': while expecting '100' (index 1), received 'SIP/2.0 403 Forbidden\r\nCall-ID: b\r\n\r\n'",
          "Aborting call on UDP retransmission timeout for Call-ID 'a'",
        ],
        messages: [heard('SIP/2.0 100 T\r\ni: a\r\n'), heard('SIP/2.0 403 F\r\nCall-ID : b\r\n')],
      }),
      'failed: call 2: expected 407 (or 100), received 403 Forbidden (x.xml:9) (and 1 more)',
    ],
    [
      'keeps to one line, whatever a peer writes',
      with_({
        exit: { code: 1 },
        errors: [
          "Aborting call on unexpected message for Call-Id '1-9@x': while expecting '407' (index 2), received 'SIP/2.0 403 \x1b[31m'",
        ],
      }),
      'failed: call 1: expected 407 (or 100), received 403 ?[31m (x.xml:10)',
    ],
    [
      'tells of a timeout of SIPp itself',
      with_({ exit: { code: 255 }, calls: { successful: 0 }, errors: ["x timed out after '1.000' seconds"] }),
      'timeout: not done within 700 ms; 0 of 2 calls succeeded; nothing was sent or received',
    ],
    [
      'passes calls that were done when they were aborted',
      with_({ exit: { cause: 'aborted', forced: true } }),
      'passed: 2 of 2 calls succeeded',
    ],
    [
      'is aborted where a stop came first',
      with_({ exit: { cause: 'stopped' }, calls: { successful: 1, created: 1 } }),
      'aborted: stopped; 1 of 2 calls succeeded',
    ],
    [
      'is killed where open calls were cut',
      with_({ exit: { cause: 'stopped', forced: true }, calls: { requested: 'unbounded', successful: 1 } }),
      'killed: stopped while calls were open; 1 of 2 calls succeeded',
    ],
    [
      'passes a server that was stopped between calls',
      with_({ exit: { cause: 'stopped' }, calls: { requested: 'unbounded' } }),
      'passed: 2 of 2 calls succeeded',
    ],
    [
      'does not pass a server over its time',
      with_({ exit: { cause: 'timeout', forced: true }, calls: { requested: 'unbounded' } }),
      'timeout: not done within 700 ms; 2 of 2 calls succeeded; nothing was sent or received',
    ],
    [
      'fails a server that a stranger called wrongly',
      with_({
        exit: { code: 1, cause: 'stopped' },
        calls: { requested: 'unbounded', created: 3, failed: 1 },
        errors: ['Aborting call on an unexpected BYE for call: q'],
      }),
      'failed: call q: received an unexpected BYE',
    ],
  ];
  for (const [name, evidence, expected] of cases) {
    test(name, () => {
      const { outcome, reason } = verdict(evidence);
      assert.equal(`${outcome}: ${reason}`, expected);
    });
  }
});
