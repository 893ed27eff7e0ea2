import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import type { TracedMessage } from 'sipp-ts-wrapper';

import { assertNoStorm } from './storm.ts';

function traced(count: number, direction: TracedMessage['direction']): TracedMessage[] {
  return Array.from({ length: count }, (_, time) => ({
    time,
    direction,
    transport: 'udp',
    truncated: false,
    text: 'INVITE sip:a@b SIP/2.0\r\n\r\n',
  }));
}

describe('assertNoStorm', () => {
  test('takes what a call needs, and whatever the service sends', () => {
    assertNoStorm({ messages: [...traced(300, 'sent'), ...traced(5_000, 'received')] }, 1);
    assertNoStorm({ messages: traced(301, 'sent') }, 2);
  });

  test('calls more an error of the harness', () => {
    assert.throws(
      () => assertNoStorm({ messages: traced(301, 'sent') }, 1),
      /^HarnessError: SIPp sent 301 messages in one call: that is a storm/,
    );
  });
});
