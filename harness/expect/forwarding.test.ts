import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { messageIn, type WireMessage } from '../capture/sip_messages.ts';
import { NOTHING, SMUGGLED } from '../model/cargo.ts';
import type { CallMessage } from '../model/delivery.ts';
import { assertFits, assertMisfit } from '../testing/asserted_match.ts';
import type { Passage } from '../traffic/forwarding/passage.ts';
import { outcomeOfPassage, passedOnAsDocumented } from './forwarding.ts';

const CALLER = { address: '192.0.2.1', port: 5062 };
const PLATFORM = { address: '192.0.2.9', port: 5060 };
const OWN_VIA = 'Via: SIP/2.0/UDP edge;branch=z9hG4bKedge';
const INFO: CallMessage = { towards: 'platform', method: 'INFO', isInDialog: true };
const INVITE: CallMessage = { towards: 'platform', method: 'INVITE', isInDialog: false };
const ANSWER: CallMessage = { towards: 'caller', method: 'INFO', isInDialog: true, status: 200 };

function message(startLine: string, lines: readonly string[], body = ''): WireMessage {
  const text = `${[startLine, ...lines].join('\r\n')}\r\n\r\n${body}`;
  const found = messageIn(Buffer.from(text, 'latin1'), CALLER, PLATFORM);
  assert.ok(found);
  return found;
}

function passage(rule: string, of: CallMessage, sent: WireMessage, came: WireMessage | undefined): Passage {
  return {
    row: {
      rule,
      course: 'answered',
      message: of,
      cargo: NOTHING,
      company: NOTHING,
      transport: 'UDP',
      names: 'long names',
      blanks: 'a blank at colons',
      name: 'the row',
    },
    sent,
    came,
    call: {
      callId: 'one',
      ends: { caller: CALLER, platform: PLATFORM },
      realm: 'ours',
      proxies: ['<sip:proxy;lr>', '<sip:far;lr>'],
    },
  };
}

interface Case {
  readonly rule: string;
  readonly of?: CallMessage;
  readonly sent: readonly string[];
  readonly good: Readonly<Record<string, readonly string[]>>;
  readonly bad: Readonly<Record<string, readonly string[]>>;
}

const VIA = 'Via: SIP/2.0/UDP 192.0.2.1:5062;branch=z9hG4bKcaller;rport';
const MARKED = 'Via: SIP/2.0/UDP 192.0.2.1:5062;branch=z9hG4bKcaller;received=192.0.2.1;rport=5062';
const OURS = 'Proxy-Authorization: Digest username="a", realm="ours", nonce="n"';
const THEIRS = 'Proxy-Authorization: Digest username="a", realm="theirs", nonce="n"';

const CASES: readonly Case[] = [
  {
    rule: 'sip.headers.standard-kept',
    sent: ['Supported:', 'Unknown: '],
    good: { 'other blanks': ['Supported: ', 'Unknown:'] },
    bad: {
      'without a field that is empty': ['Supported:'],
      'without a list that is empty': ['Unknown:'],
    },
  },
  {
    rule: 'sip.headers.standard-kept',
    sent: [
      'Unknown: a\r\n b',
      'Allow: INVITE, ACK',
      'Allow: BYE',
      'Unknown: second',
      's: hello',
      'X-A: b',
      VIA,
    ],
    good: {
      'other spelling and order, unfolded, added fields': [
        OWN_VIA,
        'Subject: hello',
        'UNKNOWN: a b',
        'Unknown: second',
        'Allow: INVITE,ACK,BYE',
        'Added: c',
      ],
    },
    bad: {
      'a missing field': ['Unknown: a b', 'Unknown: second', 'Allow: INVITE, ACK, BYE'],
      'another value': ['Unknown: a c', 'Unknown: second', 'Allow: INVITE, ACK, BYE', 's: hello'],
      'another order': ['Unknown: second', 'Unknown: a b', 'Allow: INVITE, ACK, BYE', 's: hello'],
    },
  },
  {
    rule: 'sip.headers.vendor-stripped',
    sent: ['X-A: b'],
    good: { 'no vendor field': ['Subject: a'] },
    bad: { 'a vendor field': ['x-a: b'], 'what was in it': [`Subject: a ${SMUGGLED}`] },
  },
  {
    rule: 'sip.headers.credentials-consumed',
    sent: [OURS, THEIRS],
    good: { none: [], 'those for others': [THEIRS] },
    bad: { ours: [OURS] },
  },
  {
    rule: 'sip.auth.foreign-realm',
    sent: [OURS, THEIRS],
    good: { 'those for others': [THEIRS] },
    bad: { none: [], 'only ours': [OURS] },
  },
  {
    rule: 'sip.hops.every-method',
    sent: ['Max-Forwards: 1'],
    good: { 'one lower': ['Max-Forwards: 0'] },
    bad: {
      'as it was': ['Max-Forwards: 1'],
      none: [],
      'two of them': ['Max-Forwards: 0', 'Max-Forwards: 0'],
    },
  },
  {
    rule: 'sip.hops.decrement',
    sent: [],
    good: { added: ['Max-Forwards: 70'] },
    bad: { 'not added': [], 'another number': ['Max-Forwards: 69'] },
  },
  {
    rule: 'sip.via.one',
    sent: [VIA, 'Via: SIP/2.0/UDP lower;branch=l'],
    good: {
      'one on top, in a line': [`${OWN_VIA}, ${MARKED.slice(5)}, SIP/2.0/UDP lower;branch=l`],
      'one on top, unmarked': [OWN_VIA, VIA, 'v: SIP/2.0/UDP lower;branch=l'],
    },
    bad: {
      none: [VIA, 'Via: SIP/2.0/UDP lower;branch=l'],
      two: [OWN_VIA, OWN_VIA, VIA, 'Via: SIP/2.0/UDP lower;branch=l'],
      'no branch': ['Via: SIP/2.0/UDP edge', VIA, 'Via: SIP/2.0/UDP lower;branch=l'],
      'the branch of the sender': [
        'Via: SIP/2.0/UDP edge;branch=z9hG4bKcaller',
        VIA,
        'Via: SIP/2.0/UDP lower;branch=l',
      ],
      'a lower one changed': [OWN_VIA, VIA, 'Via: SIP/2.0/UDP lower;branch=m'],
    },
  },
  {
    rule: 'sip.via.one',
    of: ANSWER,
    sent: [OWN_VIA, MARKED],
    good: { 'without its own': [MARKED] },
    bad: { 'with its own': [OWN_VIA, MARKED], 'without any': [], 'with an empty one': ['Via: ', MARKED] },
  },
  {
    rule: 'sip.rport',
    of: ANSWER,
    sent: [OWN_VIA, MARKED],
    good: { marked: [MARKED] },
    bad: { unmarked: [VIA], 'another port': [MARKED.replace('=5062', '=5063')] },
  },
  {
    rule: 'sip.route.own',
    sent: ['Route: <sip:edge;lr>, <sip:proxy;lr>', 'Route: <sip:far;lr>'],
    good: { 'the others': ['Route: <sip:proxy;lr>,<sip:far;lr>'] },
    bad: {
      'its own too': ['Route: <sip:edge;lr>, <sip:proxy;lr>, <sip:far;lr>'],
      none: [],
      'another order': ['Route: <sip:far;lr>, <sip:proxy;lr>'],
      'an empty one': ['Route: ', 'Route: <sip:proxy;lr>, <sip:far;lr>'],
    },
  },
  {
    rule: 'sip.dialog.in-route',
    of: INVITE,
    sent: ['Record-Route: <sip:proxy;lr>'],
    good: { 'on top': ['Record-Route: <sip:edge;lr>', 'Record-Route: <sip:proxy;lr>'] },
    bad: {
      'not there': ['Record-Route: <sip:proxy;lr>'],
      'below the others': ['Record-Route: <sip:proxy;lr>, <sip:edge;lr>'],
      'as a strict router': ['Record-Route: <sip:edge>, <sip:proxy;lr>'],
    },
  },
  {
    rule: 'sip.dialog.in-route',
    sent: ['Record-Route: <sip:proxy;lr>'],
    good: {
      'as it was': ['Record-Route: <sip:proxy;lr>'],
      'with the service on top': ['Record-Route: <sip:edge;lr>, <sip:proxy;lr>'],
    },
    bad: { 'with something on top': ['Record-Route: none', 'Record-Route: <sip:proxy;lr>'] },
  },
  {
    rule: 'sip.route.strict',
    sent: ['Route: <sip:proxy;lr>, <sip:a@b>'],
    good: { 'with its target': ['Route: <sip:proxy;lr>'] },
    bad: {
      'with its target in Route too': ['Route: <sip:proxy;lr>, <sip:a@b>', 'Route: <sip:far;lr>'],
      'without the others': [],
    },
  },
  {
    rule: 'sip.route.strict',
    sent: ['Route: <sip:proxy;lr>, <sip:a@elsewhere>'],
    good: {},
    bad: { 'to the service itself': ['Route: <sip:proxy;lr>'] },
  },
  {
    rule: 'sip.body.length',
    sent: [],
    good: { 'with its length': ['Content-Length: 0'], 'without it over UDP': [] },
    bad: { 'with another length': ['Content-Length: 1'], 'with two': ['Content-Length: 0', 'l: 0'] },
  },
];

function startLineOf({ status, method }: CallMessage): string {
  return status === undefined ? `${method} sip:a@b SIP/2.0` : `SIP/2.0 ${status} OK`;
}

function judged({ rule, of = INFO, sent }: Case, came: readonly string[]): string {
  const startLine = startLineOf(of);
  return outcomeOfPassage(passage(rule, of, message(startLine, sent), message(startLine, came))).kind;
}

for (const one of CASES) {
  describe(`a message judged by ${one.rule}`, () => {
    for (const [what, came] of Object.entries(one.good))
      test(`may arrive: ${what}`, () => assert.equal(judged(one, came), 'as it should be'));
    for (const [what, came] of Object.entries(one.bad))
      test(`may not arrive: ${what}`, () => assert.equal(judged(one, came), 'deviates'));
  });
}

describe('a message judged by sip.message.forms', () => {
  const sent = message('INFO sip:a%41@b SIP/2.0', ['Content-Length: 3'], '\0\x80x');
  const judgedAs = (came: WireMessage, of = INFO): string =>
    outcomeOfPassage(passage('sip.message.forms', of, sent, came)).kind;

  test('keeps its start line, unless it is an INVITE that begins a call', () => {
    const other = message('INFO sip:aA@b SIP/2.0', ['l: 3'], '\0\x80x');
    assert.equal(judgedAs(other), 'deviates');
    assert.equal(judgedAs(other, INVITE), 'as it should be');
  });

  test('keeps its body, octet for octet', () => {
    assert.equal(judgedAs(message('INFO sip:a%41@b SIP/2.0', ['l: 3'], '\0\x80x')), 'as it should be');
    assert.equal(judgedAs(message('INFO sip:a%41@b SIP/2.0', ['l: 3'], '\0?x')), 'deviates');
    assert.equal(judgedAs(message('INFO sip:a%41@b SIP/2.0', ['l: 0'])), 'deviates');
  });
});

describe('a message that did not arrive', () => {
  const sent = message('INFO sip:a@b SIP/2.0', []);
  const refused = (of: CallMessage, statusLine: string): string =>
    outcomeOfPassage({
      ...passage('sip.via.one', of, sent, undefined),
      refusal: message(`SIP/2.0 ${statusLine}`, []),
    }).kind;

  test('deviates', () => {
    assert.equal(outcomeOfPassage(passage('sip.via.one', INFO, sent, undefined)).kind, 'deviates');
    assert.equal(refused(INFO, '400 Bad Request'), 'deviates');
    assert.equal(refused({ ...INFO, method: 'BYE' }, '405 Method Not Allowed'), 'deviates');
  });

  test('is not judged where the service refuses a method that it may refuse, or where it was not sent', () => {
    assert.equal(refused(INFO, '405 Method Not Allowed'), 'unseen');
    const untried = { ...passage('sip.via.one', INFO, sent, undefined), sent: undefined };
    assert.equal(outcomeOfPassage(untried).kind, 'unseen');
  });
});

const again = ({ name }: { readonly name: string }): string => `again ${name}`;

describe('passedOnAsDocumented', () => {
  const sent = message('INFO sip:a@b SIP/2.0', ['Max-Forwards: 70']);
  const good = passage(
    'sip.hops.every-method',
    INFO,
    sent,
    message('INFO sip:a@b SIP/2.0', ['Max-Forwards: 69']),
  );
  const bad = passage('sip.hops.every-method', INFO, sent, sent);

  test('fits where each message arrives as its rule says', () => {
    assertFits(passedOnAsDocumented([good, good], again));
  });

  test('tells what deviates by its coordinates, and counts what is too much to read', () => {
    assertMisfit(passedOnAsDocumented([good, bad], again), {
      acceptable: 'each message arrives as the rule says',
      actual: 'in 1 of 2 rows: Max-Forwards: "70" for 70, not 69 (the row)',
      where: 'the table of the rows, attached; the first one again: again the row',
    });
    const many = Array.from({ length: 20 }, () => bad);
    assertMisfit(passedOnAsDocumented(many, again), {
      acceptable: 'each message arrives as the rule says',
      actual: /^in 20 of 20 rows: .*; and 15 more$/,
    });
  });
});
