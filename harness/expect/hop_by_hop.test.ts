import { describe, test } from 'node:test';

import type { WireMessage } from '../capture/sip_messages.ts';
import { assertFits, assertMisfit } from '../testing/asserted_match.ts';
import { answered } from '../testing/built_attempt.ts';
import { handedOver, received, returned, sent } from '../testing/built_call.ts';
import { acksFit, cancelFits, extensionsRefused, heldBack, tryingCame, tryingInForm } from './hop_by_hop.ts';

const VIA = 'Via: SIP/2.0/UDP a;branch=z9hG4bK1';
const BELOW = 'Via: SIP/2.0/UDP below;branch=z9hG4bK0';
const HEAD = ['From: <sip:a@b>;tag=1', 'To: <sip:b@c>', 'Call-ID: one'];
const INVITE_LINES = [VIA, BELOW, ...HEAD, 'CSeq: 7 INVITE', 'Route: <sip:far;lr>'];
const INVITE = handedOver('INVITE sip:b@c SIP/2.0', ...INVITE_LINES);

function trying(...lines: readonly string[]): WireMessage {
  return received('SIP/2.0 100 Trying', ...lines, 'CSeq: 7 INVITE');
}

describe('a 100', () => {
  const invite = sent('INVITE sip:b@c SIP/2.0', ...INVITE_LINES, 'Timestamp: 54.2');
  const wish = 'a 100 with the Via values, From, To, Call-ID, CSeq and Timestamp of its INVITE';
  const marked = `${VIA};received=192.0.2.1;rport=5060`;

  test('copies what identifies its INVITE, with the source in Via and a delay behind Timestamp', () => {
    for (const timestamp of ['Timestamp: 54.2', 'Timestamp: 54.2 0.1', 'Timestamp: 54.2 .5'])
      assertFits(tryingInForm({ name: '', invite, trying: trying(marked, BELOW, ...HEAD, timestamp) }));
  });

  test('has to come', () => {
    const none = { name: '', invite: INVITE, trying: undefined };
    const missing = { acceptable: 'a 100 before any other answer', actual: 'none' };
    assertFits(tryingCame({ ...none, trying: trying(VIA) }));
    assertMisfit(tryingCame(none), missing);
    assertMisfit(tryingInForm(none), missing);
  });

  const [from = '', to = '', callId = ''] = HEAD;
  for (const [actual, lines] of Object.entries({
    'To: <sip:b@c>;tag=2 for <sip:b@c>': [marked, BELOW, from, `${to};tag=2`, callId, 'Timestamp: 54.2'],
    'Timestamp: missing for 54.2': [marked, BELOW, ...HEAD],
    'Timestamp: 54 for 54.2': [marked, BELOW, ...HEAD, 'Timestamp: 54'],
    'From: missing for <sip:a@b>;tag=1': [marked, BELOW, to, callId, 'Timestamp: 54.2'],
    '1 Via for 2': [marked, ...HEAD, 'Timestamp: 54.2'],
  })) {
    test(`has not ${actual}`, () => {
      const came = trying(...lines);
      assertMisfit(tryingInForm({ name: '', invite, trying: came }), {
        acceptable: wish,
        actual,
        where: 'the 100',
      });
    });
  }
});

describe('a CANCEL', () => {
  const acceptable =
    "one CANCEL with the INVITE's Request-URI, Via, Route, From, To, Call-ID and number in CSeq";
  const where = 'the CANCEL that the called side got';

  test('is that of its INVITE', () => {
    const lines = [VIA, ...HEAD, 'CSeq: 7 CANCEL', 'Route: <sip:far;lr>'];
    assertFits(
      cancelFits({ name: '', invite: INVITE, came: [handedOver('CANCEL sip:b@c SIP/2.0', ...lines)] }),
    );
  });

  for (const [actual, uri, lines] of [
    [
      '"CANCEL sip:b@d SIP/2.0", not "CANCEL sip:b@c SIP/2.0"',
      'sip:b@d',
      [VIA, ...HEAD, 'CSeq: 7 CANCEL', 'Route: <sip:far;lr>'],
    ],
    [
      'Via: SIP/2.0/UDP a;branch=z9hG4bK1 | SIP/2.0/UDP below;branch=z9hG4bK0 for SIP/2.0/UDP a;branch=z9hG4bK1',
      'sip:b@c',
      [VIA, BELOW, ...HEAD, 'CSeq: 7 CANCEL', 'Route: <sip:far;lr>'],
    ],
    ['Route: none for <sip:far;lr>', 'sip:b@c', [VIA, ...HEAD, 'CSeq: 7 CANCEL']],
    ['CSeq: 8 CANCEL, not 7 CANCEL', 'sip:b@c', [VIA, ...HEAD, 'CSeq: 8 CANCEL', 'Route: <sip:far;lr>']],
  ] as const) {
    test(`has not ${actual}`, () => {
      const came = [handedOver(`CANCEL ${uri} SIP/2.0`, ...lines)];
      assertMisfit(cancelFits({ name: '', invite: INVITE, came }), { acceptable, actual, where });
    });
  }

  test('has to come', () => {
    assertMisfit(cancelFits({ name: '', invite: INVITE, came: [] }), {
      acceptable,
      actual: 'none',
      where: 'what the called side got',
    });
  });

  test('does not come early', () => {
    assertFits(heldBack([INVITE]));
    assertMisfit(heldBack([INVITE, handedOver('CANCEL sip:b@c SIP/2.0', VIA)]), {
      acceptable: 'no CANCEL before a provisional answer',
      actual: '"CANCEL sip:b@c SIP/2.0" was sent',
      where: 'the wire',
    });
  });
});

describe('the ACK of a refusal', () => {
  const [from = '', to = '', callId = ''] = HEAD;
  const refusal = returned('SIP/2.0 486 Busy Here', VIA, from, `${to};tag=2`, callId, 'CSeq: 7 INVITE');
  const acceptable =
    "1 ACK with the INVITE's Request-URI, Via, Route, From, Call-ID and number in CSeq, and the refusal's To";

  function ack(toLine: string): WireMessage {
    const lines = [VIA, from, toLine, callId, 'CSeq: 7 ACK', 'Route: <sip:far;lr>'];
    return handedOver('ACK sip:b@c SIP/2.0', ...lines);
  }

  test('has the To of the refusal', () => {
    assertFits(acksFit({ name: '', invite: INVITE, refusal, came: [ack(`${to};tag=2`)] }, 1));
  });

  test('has not the To of the INVITE', () => {
    assertMisfit(acksFit({ name: '', invite: INVITE, refusal, came: [ack(to)] }, 1), {
      acceptable,
      actual: 'To: <sip:b@c> for <sip:b@c>;tag=2',
      where: 'the ACK that the called side got',
    });
  });

  test('comes as often as the refusal', () => {
    assertMisfit(acksFit({ name: '', invite: INVITE, refusal, came: [] }, 1), {
      acceptable,
      actual: '0 ACK',
      where: 'what the called side got',
    });
  });
});

describe('a 420', () => {
  const asking = 'INVITE sip:b@c SIP/2.0\r\nProxy-Require: one,\r\n two\r\nproxy-require: three\r\n\r\n';

  test('lists all that Proxy-Require asks for, in any order', () => {
    const attempt = answered('420 Bad Extension', 'Unsupported: three, two', 'Unsupported: one');
    assertFits(extensionsRefused({ ...attempt, sent: asking }));
  });

  test('lists no less', () => {
    const attempt = answered('420 Bad Extension', 'Unsupported: one');
    assertMisfit(extensionsRefused({ ...attempt, sent: asking }), {
      acceptable: '420 with Unsupported: one, two, three',
      actual: '420 with Unsupported: one',
      where: 'the requests and their answers, attached',
    });
  });

  test('is what is asked for', () => {
    assertMisfit(extensionsRefused({ ...answered('486 Busy Here'), sent: asking }), {
      acceptable: '420 with Unsupported: one, two, three',
      actual: '486 Busy Here',
      where: 'the requests and their answers, attached',
    });
  });
});
