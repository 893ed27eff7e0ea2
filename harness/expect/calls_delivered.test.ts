import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { assertFits, assertMisfit } from '../testing/asserted_match.ts';
import { builtCall, handedOver, VOICE_PLATFORM, returned, sent } from '../testing/built_call.ts';
import { delivered, returnedWith, undelivered, withoutVendorHeaders, withoutVendorValues } from './calls.ts';

const through = builtCall([], {
  delivered: [handedOver('INVITE sip:x@platform.example SIP/2.0', 'CSeq: 1 INVITE')],
});

const nothing = builtCall([], { delivered: [] });

describe('delivered and undelivered', () => {
  test('distinguish what got through from what did not', () => {
    assertFits(delivered(through));
    assertMisfit(delivered(nothing), {
      acceptable: 'the INVITE reaches the voice platform',
      actual: 'it never did',
    });
    assertFits(undelivered(nothing));
    assertMisfit(undelivered(through), {
      acceptable: 'nothing reaches the voice platform',
      actual: 'INVITE sip:x@platform.example was delivered',
    });
  });

  test('match where no stand-in watched the voice platform', () => {
    assertFits(delivered(builtCall([])));
    assertFits(undelivered(builtCall([])));
  });
});

const call = (...headers: readonly string[]) =>
  builtCall([], { delivered: [handedOver('INVITE sip:x@p SIP/2.0', 'CSeq: 1 INVITE', ...headers)] });

describe('withoutVendorHeaders', () => {
  test('allows every other header, also with X in the middle and the compact x', () => {
    assertFits(withoutVendorHeaders(call('Subject: X-Ray', 'P-X-Thing: 1', 'x: 1800', 'Xylophone: 1')));
  });

  test('finds them in any spelling, in any request that was delivered', () => {
    for (const header of ['X-Vendor: 1', 'x-lower: 1', 'X-Blank : 1', 'X-Tab\t: 1']) {
      assertMisfit(withoutVendorHeaders(call(header)), {
        acceptable: 'no header whose name begins with X-',
        actual: `"${header}"`,
        where: 'the INVITE delivered to the voice platform',
      });
    }
    const ended = [
      handedOver('INVITE sip:x@p SIP/2.0', 'CSeq: 1 INVITE'),
      handedOver('BYE sip:x@p SIP/2.0', 'CSeq: 2 BYE', 'X-Late: 1'),
    ];
    assertMisfit(withoutVendorHeaders(builtCall([], { delivered: ended })), {
      acceptable: 'no header whose name begins with X-',
      actual: '"X-Late: 1"',
      where: 'the BYE delivered to the voice platform',
    });
  });

  test('does not blame the service for what the voice platform itself sends', () => {
    const both = [
      handedOver('INVITE sip:x@p SIP/2.0', 'CSeq: 1 INVITE'),
      returned('BYE sip:c@caller.example SIP/2.0', 'CSeq: 1 BYE', 'X-Ours: 1'),
    ];
    assertFits(withoutVendorHeaders(builtCall([], { delivered: both })));
  });
});

describe('withoutVendorValues', () => {
  const invite = sent('INVITE sip:x@s SIP/2.0', 'CSeq: 2 INVITE', 'X-Folded: one-line', ' next-line');
  const seenBy = (...headers: readonly string[]) =>
    builtCall([invite], { delivered: [handedOver('INVITE sip:x@p SIP/2.0', 'CSeq: 2 INVITE', ...headers)] });

  test('finds the second line of a folded header below another one', () => {
    assertFits(withoutVendorValues(seenBy('Subject: hello', ' there')));
    assertMisfit(withoutVendorValues(seenBy('Subject: hello', ' next-line')), {
      acceptable: 'nothing of what stood in a header whose name begins with X-',
      actual: '"next-line"',
      where: 'the INVITE delivered to the voice platform',
    });
  });
});

const there = handedOver('INVITE sip:x@p SIP/2.0', 'CSeq: 2 INVITE');

const back = returned('INVITE sip:x@p SIP/2.0', 'CSeq: 2 INVITE');

describe('returnedWith', () => {
  const acceptable = '482 Loop Detected to the INVITE that came back';

  test('takes the final answer that the voice platform got', () => {
    const told = [
      handedOver('SIP/2.0 100 Trying', 'CSeq: 2 INVITE'),
      handedOver('SIP/2.0 482 Looped', 'CSeq: 2 INVITE'),
    ];
    assertFits(returnedWith(builtCall([], { delivered: [there, back, ...told] }), 482));
  });

  test("ignores the voice platform's own answer, and one to another request", () => {
    const own = returned('SIP/2.0 482 Looped', 'CSeq: 2 INVITE');
    const other = handedOver('SIP/2.0 482 Looped', 'CSeq: 3 OPTIONS');
    assertMisfit(returnedWith(builtCall([], { delivered: [there, back, own, other] }), 482), {
      acceptable,
      actual: 'no final answer',
      where: 'the ladder',
    });
  });

  test('says what else came, or that nothing had reached the voice platform', () => {
    const told = handedOver('SIP/2.0 200 OK', 'CSeq: 2 INVITE');
    assertMisfit(returnedWith(builtCall([], { delivered: [there, back, told] }), 482), {
      acceptable,
      actual: '200 OK',
    });
    assertMisfit(returnedWith(builtCall([], { delivered: [] }), 482), {
      acceptable,
      actual: `none had reached the voice platform`,
    });
    assert.equal(there.destination, VOICE_PLATFORM);
  });
});
