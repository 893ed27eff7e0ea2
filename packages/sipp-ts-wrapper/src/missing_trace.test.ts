import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { missingTrace } from './missing_trace.ts';
import { callCounters } from './statistics.ts';

const role = 'client';
const counted = (row: Record<string, string>) => ({
  calls: callCounters(row),
  retransmissions: 0,
  trace: '',
});

describe('a trace without messages', () => {
  test('is wrong where SIPp counted what needs a message', () => {
    const created = { TotalCallCreated: '3' };
    assert.equal(
      missingTrace({ ...counted({ ...created, 'SuccessfulCall(C)': '3' }), role }),
      '3 successful calls',
    );
    for (const reason of ['MaxUDPRetrans', 'UnexpectedMessage', 'TimeoutOnRecv']) {
      const row = { ...created, 'FailedCall(C)': '1', [`Failed${reason}(C)`]: '1' };
      assert.equal(missingTrace({ ...counted(row), role }), `1 ${reason}`);
    }
    assert.equal(missingTrace({ ...counted(created), role: 'server' }), '3 incoming calls');
    assert.equal(missingTrace({ ...counted(created), role, retransmissions: 2 }), '2 retransmissions');
  });

  test('is right where nothing was exchanged', () => {
    assert.equal(missingTrace({ ...counted({}), role: 'server' }), undefined);
    const waiting = { TotalCallCreated: '1', CurrentCall: '1' };
    assert.equal(missingTrace({ ...counted(waiting), role }), undefined);
    const refused = { TotalCallCreated: '1', 'FailedCall(C)': '1', 'FailedTcpConnect(C)': '1' };
    assert.equal(missingTrace({ ...counted(refused), role }), undefined);
  });

  test('is right where the scenario had SIPp lose them', () => {
    const row = { TotalCallCreated: '1', 'FailedCall(C)': '1', 'FailedTimeoutOnRecv(C)': '1' };
    for (const trace of ['UDP message voluntary lost (while sending).', 'UDP message lost (recv).']) {
      assert.equal(missingTrace({ ...counted(row), role, trace }), undefined);
    }
  });
});
