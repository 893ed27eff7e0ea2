import { describe, test } from 'node:test';

import { assertFits, assertMisfit } from '../testing/asserted_match.ts';
import { answered, attempt } from '../testing/built_attempt.ts';
import { handedOver, received, returned } from '../testing/built_call.ts';
import type { Attempt } from '../traffic/attempt.ts';
import {
  answeredWith,
  challengedAnew,
  challengedBye,
  gotThrough,
  keptOut,
  nothingAt,
  nothingInjected,
  nothingSmuggled,
  reachedCalledSide,
  reachedCaller,
  reachedNobody,
  reachedOtherSide,
  refused,
  refusedOrDropped,
  stemming,
  stoppedOrKeptAlive,
  turnedAway,
} from './attempts.ts';
import { ofEach } from './match.ts';

const INVITE = handedOver('INVITE sip:a@b SIP/2.0', 'CSeq: 1 INVITE', 'Via: SIP/2.0/UDP a;branch=z9hG4bK1');
const where = 'the requests and their answers, attached';

function challenge(nonce: string, realm = 'r'): Attempt {
  return answered('407 Who', `Proxy-Authenticate: Digest realm="${realm}", nonce="${nonce}"`);
}

function through(header: string): Attempt {
  return attempt({ delivered: [handedOver('INVITE sip:a@b SIP/2.0', header)] });
}

test('of several requests, each that does not match is told under its name', () => {
  const round = [answered('405 No'), { ...answered('200 OK'), name: 'one' }, { ...attempt(), name: 'other' }];
  assertMisfit(ofEach(round, refused), {
    acceptable: 'a refusal: 4xx or 501',
    actual: '200 OK (one); no final answer (other)',
    where,
  });
  assertFits(ofEach([answered('405 No'), answered('501 No')], refused));
});

test('a refusal or silence: nothing below 400, no provisional answer, no global failure', () => {
  for (const one of [attempt(), answered('400 Bad'), answered('503 No')]) assertFits(refusedOrDropped(one));
  for (const line of ['100 Trying', '200 OK', '302 There', '600 Busy'])
    assertMisfit(refusedOrDropped(answered(line)), {
      acceptable: 'a refusal (4xx or 5xx), or no answer',
      actual: line,
    });
});

describe('a new challenge', () => {
  const wish = '407 with Proxy-Authenticate: Digest realm="r" and a nonce not seen before';

  test('has a nonce that nobody has seen', () => {
    assertFits(challengedAnew(challenge('new'), 'r', ['nonce="old"']));
    assertMisfit(challengedAnew(challenge('old'), 'r', ['nonce="old"']), {
      acceptable: wish,
      actual: '407 with the same nonce',
    });
  });

  test('has a nonce, this realm and 407', () => {
    assertMisfit(challengedAnew(challenge(''), 'r', []), { acceptable: wish, actual: /nonce=""/ });
    assertMisfit(challengedAnew(challenge('new', 's'), 'r', []), { acceptable: wish, actual: /realm="s"/ });
    assertMisfit(challengedAnew(answered('401 No'), 'r', []), { acceptable: wish, actual: '401 No' });
  });
});

describe('getting through', () => {
  test('is being delivered, or where nobody sees that, an answer of somebody behind the service', () => {
    assertFits(gotThrough(attempt({ delivered: [INVITE] })));
    assertFits(gotThrough({ ...answered('486 Busy'), delivered: undefined }));
    for (const delivered of [[], undefined])
      assertMisfit(gotThrough({ ...answered('407 Who'), delivered }), {
        acceptable: 'the call reaches the voice platform',
        actual: 'it did not: 407 Who',
      });
  });

  test('to a third party counts as well', () => {
    assertFits(keptOut(attempt({ delivered: [returned('SIP/2.0 486 Busy', 'CSeq: 1 INVITE')] })));
    assertMisfit(keptOut(attempt({ delivered: undefined, passedOn: [INVITE] })), {
      acceptable: 'nothing is passed on',
      actual: '"INVITE sip:a@b SIP/2.0" was sent to 198.18.67.97:6160',
    });
  });
});

test('a refusal counts only for the request that was not passed on all the same', () => {
  assertFits(turnedAway(answered('481 No'), [407, 481]));
  assertMisfit(turnedAway({ ...answered('481 No'), passedOn: [INVITE] }, [481]), {
    acceptable: 'nothing is passed on',
    actual: '"INVITE sip:a@b SIP/2.0" was',
  });
  const another = handedOver(
    'INVITE sip:a@b SIP/2.0',
    'CSeq: 1 INVITE',
    'Via: SIP/2.0/UDP a;branch=z9hG4bK2',
  );
  assertFits(turnedAway({ ...answered('481 No'), passedOn: [another] }, [481]));
  assertMisfit(turnedAway(answered('200 OK'), [481]), { acceptable: '481', actual: '200 OK' });
});

test('of what was passed on, only what has the branch of the request stems from it', () => {
  const other = handedOver('BYE sip:a@b SIP/2.0', 'CSeq: 2 BYE', 'Via: SIP/2.0/UDP a;branch=z9hG4bK2');
  assertFits(keptOut(stemming(attempt({ delivered: [other], passedOn: [other] }))));
  assertMisfit(keptOut(stemming(attempt({ delivered: undefined, passedOn: [other, INVITE] }))), {
    acceptable: 'nothing is passed on',
    actual: '"INVITE sip:a@b SIP/2.0" was sent to 198.18.67.97:6160',
  });
});

test('an OPTIONS without a hop left is stopped, or answered all the same', () => {
  for (const status of ['483 Too Many Hops', '200 Keepalive'])
    assertFits(stoppedOrKeptAlive(answered(status), 'Keepalive'));
  assertMisfit(stoppedOrKeptAlive(answered('200 OK'), 'Keepalive'), {
    acceptable: '483, or 200 Keepalive',
    actual: '200 OK',
    where,
  });
});

test('the answer has to be one of the statuses', () => {
  assertFits(answeredWith(answered('481 No'), 407, 481));
  assertMisfit(answeredWith(answered('404 No'), 481), { acceptable: '481', actual: '404 No', where });
  assertMisfit(answeredWith(attempt(), 481), { acceptable: '481', actual: 'no final answer', where });
});

test('a port is left alone if no request goes there, whatever goes elsewhere', () => {
  const port = { address: '198.18.67.97', port: 6160 };
  assertFits(nothingAt({ delivered: [INVITE], passedOn: [] }, { ...port, port: 6162 }));
  assertFits(nothingAt({ delivered: [], passedOn: [returned('SIP/2.0 200 OK')] }, port));
  assertMisfit(nothingAt({ delivered: undefined, passedOn: [INVITE] }, port), {
    acceptable: 'nothing is sent to 198.18.67.97:6160',
    actual: '"INVITE sip:a@b SIP/2.0" was',
    where: 'the wire',
  });
});

test('a call goes on if its requests are delivered; the INVITE that began it is none of them', () => {
  const later = handedOver('INVITE sip:a@b SIP/2.0', 'To: <sip:a@b>;tag=1');
  const first = handedOver('INVITE sip:a@b SIP/2.0', 'To: <sip:a@b>');
  assertFits(reachedCalledSide({ delivered: undefined, passedOn: undefined }, ['INVITE']));
  assertFits(reachedCalledSide({ delivered: [first, later], passedOn: [] }, ['INVITE']));
  assertMisfit(reachedCalledSide({ delivered: [first], passedOn: [] }, ['INVITE', 'BYE']), {
    acceptable: 'INVITE, BYE reach the called side',
    actual: 'INVITE, BYE did not',
    where: 'the wire',
  });
  assertFits(reachedOtherSide(received('INFO sip:a@b SIP/2.0'), 'INFO'));
  assertMisfit(reachedOtherSide(undefined, 'INFO of the caller'), {
    acceptable: 'the INFO of the caller reaches the other side',
    actual: 'it did not',
  });
  assertFits(reachedNobody(undefined, 'INFO'));
  assertMisfit(reachedNobody(received('INFO sip:a@b SIP/2.0'), 'INFO of a third party'), {
    acceptable: 'the INFO of a third party goes nowhere',
    actual: 'it was passed on',
  });
  assertFits(reachedCaller(received('BYE sip:a@b SIP/2.0'), 'BYE'));
  assertMisfit(reachedCaller(undefined, 'BYE'), {
    acceptable: "the called side's BYE reaches the caller",
    actual: 'it never came',
  });
  assertFits(challengedBye(received('SIP/2.0 407 Who'), 407));
  assertMisfit(challengedBye(received('SIP/2.0 200 OK'), 407), {
    acceptable: '407 to the BYE',
    actual: '200 OK',
  });
});

test('a header is smuggled by its name in any reading, or by its value', () => {
  for (const header of ['Subject: X-A', 'Xylophone: a', 'Max-Forwards: 1'])
    assertFits(nothingSmuggled(through(header), 'secret'));
  for (const header of [
    'X-A: a',
    'x-a : a',
    'Subject: a\nX-A: a',
    'Subject: a\rx-: a',
    'Subject: a\r\n secret',
  ])
    assertMisfit(nothingSmuggled(through(header), 'secret'), {
      acceptable: 'no header whose name begins with X-, and nothing of its value',
      actual: /X-A|x-|secret/,
      where: 'the INVITE that was passed on',
    });
});

test('a header is injected by a whole line break, downstream or in an answer', () => {
  assertFits(nothingInjected(answered('400 Bad', 'From: %0d%0aBad: a', 'To: a\nBad: a'), 'Bad'));
  assertMisfit(nothingInjected(answered('400 Bad', 'Bad : a'), 'Bad'), {
    acceptable: 'no header line Bad',
    actual: String.raw`"\r\nBad : a"`,
    where: '"SIP/2.0 400 Bad"',
  });
});
