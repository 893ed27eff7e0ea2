import assert from 'node:assert/strict';
import { test } from 'node:test';

import type { SipRequest } from '../sip/message.ts';
import { parseMessage } from '../sip/parser.ts';
import { Branches } from './branches.ts';
import { LoopGuard } from './loop.ts';
import { OwnAddresses } from './own_address.ts';

const own = new OwnAddresses([{ address: '198.51.100.1', port: 6160 }], 'sip-uri.voice-api.example');
const guard = guardWith(Buffer.alloc(32, 1));

function guardWith(key: Buffer): LoopGuard {
  return new LoopGuard(key, new Branches(key, 'p', 6161), own);
}

interface Fields {
  readonly uri?: string;
  readonly cseq?: number;
  readonly callId?: string;
  readonly vias?: readonly string[];
  readonly extra?: readonly string[];
}

function invite(fields: Fields = {}): SipRequest {
  const { uri = 'sip:a@x.example', cseq = 1, callId = 'c', vias = [], extra = [] } = fields;
  const text = [
    `INVITE ${uri} SIP/2.0`,
    ...vias.map((via) => `Via: ${via}`),
    'Via: SIP/2.0/UDP 203.0.113.5;branch=z9hG4bK1',
    'From: <sip:c@x.example>;tag=f',
    'To: <sip:a@x.example>',
    `Call-ID: ${callId}`,
    `CSeq: ${cseq} INVITE`,
    ...extra,
    '',
    '',
  ].join('\r\n');
  const parsed = parseMessage(Buffer.from(text, 'latin1'));
  assert.equal(parsed.kind, 'request');
  return parsed;
}

const ownVia = (branch: string): string => `SIP/2.0/UDP 198.51.100.1:6160;branch=${branch};rport`;
const branch = guard.branchOf(invite());

test('a request that comes back unchanged is a loop, wherever our Via is, alone or joined with others', () => {
  assert.equal(guard.hasReturned(invite()), false);
  assert.equal(guard.hasReturned(invite({ vias: [ownVia(branch)] })), true);
  assert.equal(guard.hasReturned(invite({ vias: ['SIP/2.0/UDP h;branch=z9hG4bK2', ownVia(branch)] })), true);
  assert.equal(
    guard.hasReturned(invite({ vias: [`SIP/2.0/UDP h;branch=z9hG4bK2, ${ownVia(branch)}`] })),
    true,
  );
});

test('changes that do not affect routing do not hide a loop: credentials, Max-Forwards, other Vias', () => {
  const extra = ['Max-Forwards: 3', 'Proxy-Authorization: Digest realm="r", username="u"', 'Subject: other'];
  assert.equal(
    guard.hasReturned(invite({ vias: ['SIP/2.0/UDP h;branch=z9hG4bKnew', ownVia(branch)], extra })),
    true,
  );
});

for (const [what, fields] of Object.entries({
  'Request-URI': { uri: 'sip:b@x.example' },
  'Call-ID': { callId: 'd' },
  CSeq: { cseq: 2 },
  Route: { extra: ['Route: <sip:r.example;lr>'] },
}) as [string, Fields][]) {
  test(`another ${what} is a spiral`, () => {
    assert.equal(guard.hasReturned(invite({ ...fields, vias: [ownVia(branch)] })), false);
  });
}

test('the loss of a Route that names this edge does not hide the loop', () => {
  const route = 'Route: <sip:198.51.100.1:6160;lr>';
  const first = guard.branchOf(invite({ extra: [`${route}, <sip:r.example;lr>`] }));
  assert.equal(
    guard.hasReturned(invite({ vias: [ownVia(first)], extra: ['Route: <sip:r.example;lr>'] })),
    true,
  );
  assert.equal(
    guard.hasReturned(invite({ vias: [ownVia(guard.branchOf(invite({ extra: [route] })))] })),
    true,
  );
});

test('a Via with our address proves nothing without the key', () => {
  const other = guardWith(Buffer.alloc(32, 2));
  assert.equal(guard.hasReturned(invite({ vias: [ownVia(other.branchOf(invite()))] })), false);
  assert.equal(guard.hasReturned(invite({ vias: [ownVia('z9hG4bKp1.')] })), false);
  assert.equal(guard.hasReturned(invite({ vias: [ownVia('z9hG4bKloop')] })), false);
});

test('no two branches are the same', () => {
  const branches = Array.from({ length: 1000 }, () => guard.branchOf(invite()));
  assert.equal(new Set(branches).size, branches.length);
  assert.ok(branches.every((text) => text.startsWith('z9hG4bK')));
});
