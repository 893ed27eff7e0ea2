import { test } from 'node:test';

import { assertFits, assertMisfit } from '../testing/asserted_match.ts';
import { answered, attempt } from '../testing/built_attempt.ts';
import { handedOver, returned } from '../testing/built_call.ts';
import { loopEnded, noLoop, refusedAsLoop, spiralTolerated } from './loops.ts';

const INVITE = handedOver('INVITE sip:a@b SIP/2.0', 'CSeq: 1 INVITE', 'Via: SIP/2.0/UDP a;branch=z9hG4bK1');
const where = 'the requests and their answers, attached';

test('a loop ends in 482 or 483 after so many INVITEs of the service; those that come back are not its own', () => {
  const again = handedOver('INVITE sip:a@b SIP/2.0', 'Via: 2');
  const back = returned('INVITE sip:a@b SIP/2.0', 'Via: 3');
  const seen = { delivered: [INVITE, back, again, again], passedOn: [INVITE, again] };
  assertFits(loopEnded({ ...answered('482 Loop'), ...seen }, 2));
  assertFits(loopEnded({ ...answered('483 Hops'), ...seen, passedOn: undefined }, 2));
  assertMisfit(loopEnded({ ...answered('482 Loop'), ...seen }, 1), {
    acceptable: '482 or 483, and at most 1 INVITEs sent on',
    actual: '482 Loop, and 2 INVITEs',
    where,
  });
  assertMisfit(loopEnded({ ...answered('500 No'), ...seen }, 2), {
    acceptable: '482 or 483, and at most 2 INVITEs sent on',
    actual: '500 No, and 2 INVITEs',
  });
});

test('of a spiral nothing is answered as a loop, and the called side may call it one', () => {
  const [back, own] = [returned, handedOver].map((make) => make('SIP/2.0 482 Loop', 'CSeq: 1 INVITE'));
  assertFits(spiralTolerated(attempt({ delivered: [INVITE, back!] })));
  assertMisfit(spiralTolerated(attempt({ delivered: [INVITE, own!] })), {
    acceptable: 'any answer but 482',
    actual: '482 Loop',
    where,
  });
});

test('what is sent back is refused as a loop if it leads to where it was, and not if it leads on', () => {
  const name = 'its Vias in one line';
  const [loop, other] = ['SIP/2.0 482 Loop', 'SIP/2.0 407 No'].map((line) => handedOver(line));
  assertFits(refusedAsLoop({ name, answer: loop }));
  assertMisfit(refusedAsLoop({ name, answer: other }), {
    acceptable: '482 Loop Detected',
    actual: '407 No',
    where,
  });
  assertFits(noLoop({ name, answer: other }));
  assertFits(noLoop({ name, answer: undefined }));
  assertMisfit(noLoop({ name, answer: loop }), {
    acceptable: 'any answer but 482',
    actual: '482 Loop',
    where,
  });
});
