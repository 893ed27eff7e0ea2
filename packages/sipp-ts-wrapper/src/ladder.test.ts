import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { drawLadder, ladderMessages, type LadderMessage } from './ladder.ts';

const uac = '203.0.113.7:5060';
const edge = '198.18.67.33:6160';
const voice = '198.18.67.97:5070';
const invite = 'INVITE sip:app@sip-uri.voice-api.example SIP/2.0\r\nCSeq: 1 INVITE\r\n\r\n';
const message = (time: number, from: string, to: string, text: string): LadderMessage => ({
  time: 1_767_225_600_000 + time,
  from,
  to,
  text,
});

describe('a ladder', () => {
  test('of two endpoints', () => {
    const drawn = drawLadder([
      message(0, uac, edge, invite),
      message(1.6, edge, uac, 'SIP/2.0 407 Proxy Authentication Required\r\nCSeq: 1 INVITE\r\n\r\n'),
      message(2, uac, edge, 'ACK sip:app@sip-uri.voice-api.example SIP/2.0\r\nCSeq: 1 ACK\r\n\r\n'),
      message(502, uac, edge, invite),
    ]);
    assert.equal(
      drawn,
      `      ms  203.0.113.7:5060                                        198.18.67.33:6160
       0  |-- INVITE (CSeq 1 INVITE) ---------------------------->|
       2  |<- 407 Proxy Authentication Required (CSeq 1 INVITE) --|
       2  |-- ACK (CSeq 1 ACK) ---------------------------------->|
     502  |-- INVITE (CSeq 1 INVITE, again) --------------------->|
`,
    );
  });

  test('of three, with names, in the order asked for, with a long arrow and one that goes nowhere', () => {
    const drawn = drawLadder(
      [
        message(0, edge, voice, invite),
        message(3, voice, uac, 'SIP/2.0 200 OK\r\n\r\n'),
        message(4, edge, edge, 'looped'),
      ],
      { columns: [uac, edge], names: { [uac]: 'customer', [edge]: 'edge', [voice]: 'voice platform' } },
    );
    assert.equal(
      drawn,
      `      ms  customer                     edge                         voice platform
       0  |                            |-- INVITE (CSeq 1 INVITE) ->|
       3  |<- 200 OK -----------------------------------------------|
       4  |                            | * looped                   |
`,
    );
  });

  test('keeps to the width, and to printable ASCII', () => {
    const drawn = drawLadder([message(0, uac, edge, `SIP/2.0 480 \x1b[31m${'é'.repeat(80)}\r\n\r\n`)], {
      width: 60,
    });
    assert.ok(
      drawn
        .split('\n')
        .slice(1)
        .every((line) => line.length <= 60),
      drawn,
    );
    assert.match(drawn, /\|<?-- 480 \?\[31m\?+\.\.\. ->\|/);
  });

  test('of a call that looped has all its messages', () => {
    const rounds = Array.from({ length: 150_000 }, (_, index) => message(index, uac, edge, invite));
    assert.equal(drawLadder(rounds).split('\n').length, rounds.length + 2);
  });

  test('is said to be empty', () => {
    assert.equal(drawLadder([]), '(no messages)\n');
  });

  test('is made from a trace and the name of the peer', () => {
    const traced = { time: 5, transport: 'udp', text: invite, truncated: false };
    assert.deepEqual(
      ladderMessages(
        [
          { ...traced, direction: 'sent' },
          { ...traced, direction: 'received' },
        ],
        { local: 'me', remote: 'you' },
      ),
      [
        { time: 5, from: 'me', to: 'you', text: invite },
        { time: 5, from: 'you', to: 'me', text: invite },
      ],
    );
  });
});
