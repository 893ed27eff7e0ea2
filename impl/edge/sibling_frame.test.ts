import assert from 'node:assert/strict';
import { test } from 'node:test';

import { assert as assertProperty, integer, ipV4, property, record, uint8Array } from 'fast-check';

import { SiblingFrames, type SentFrame, type SiblingFrame } from './sibling_frame.ts';

const KEY = Buffer.alloc(32, 1);
const SOURCE = { address: '192.0.2.7', port: 5060 };
const PACKET = Buffer.from('INVITE sip:a@b SIP/2.0\r\n\r\n');

/** Two workers that know each other. */
function pair(): readonly [SiblingFrames, SiblingFrames] {
  const one = new SiblingFrames(KEY, 6161, 1000);
  const other = new SiblingFrames(KEY, 6162, 1000);
  for (const frames of [one, other]) frames.siblingsAre([6161, 6162]);
  return [one, other];
}

/** One frame of each kind from the first to the second. */
const KINDS: readonly ((one: SiblingFrames) => SentFrame)[] = [
  (one) => one.ask(PACKET, SOURCE),
  (one) => one.answer(6162, 7, true),
  (one) => one.ended(['caller|callee|call', 'b']),
];

const endpoint = record(
  { address: ipV4(), port: integer({ min: 0, max: 65_535 }) },
  { noNullPrototype: true },
);

test('an ask arrives with its source and its packet, octet by octet', () => {
  const [one, other] = pair();
  assertProperty(
    property(uint8Array({ maxLength: 2000 }), endpoint, (octets, source) => {
      const packet = Buffer.from(octets);
      const { sequence, octets: sent } = one.ask(packet, source);
      assert.deepEqual(other.read(sent, 6161), { kind: 'ask', sequence, source, packet });
    }),
  );
});

test('only the worker that asked accepts the answer', () => {
  const [one, other] = pair();
  for (const isTaken of [true, false]) {
    const { octets } = one.answer(6162, 1_800_000_000_000_123, isTaken);
    const expected: SiblingFrame = { kind: 'answer', asked: 1_800_000_000_000_123, isTaken };
    assert.deepEqual(other.read(octets, 6161), expected);
  }
  assert.equal(other.read(one.answer(6163, 7, true).octets, 6161), undefined);
});

test('the ends of dialogs arrive with their keys', () => {
  const [one, other] = pair();
  const dialogKeys = ['caller|callée|call@customer.example', 'a|b|c'];
  assert.deepEqual(other.read(one.ended(dialogKeys).octets, 6161), { kind: 'ended', dialogKeys });
});

test('forged: a frame with any bit changed is not taken; the true frame is taken after it', () => {
  for (const made of KINDS) {
    const [one, other] = pair();
    const { octets } = made(one);
    // Without the mark a datagram does not even come here.
    for (let bit = 8; bit < 8 * octets.length; bit++) {
      const forged = Buffer.from(octets);
      forged[bit >> 3]! ^= 1 << (bit & 7);
      assert.equal(other.read(forged, 6161), undefined, `bit ${bit}`);
    }
    assert.notEqual(other.read(octets, 6161), undefined);
  }
});

test('truncated or prolonged: no frame is taken, and nothing throws', () => {
  for (const made of KINDS) {
    const [one, other] = pair();
    const { octets } = made(one);
    for (let length = 0; length < octets.length; length++) {
      assert.equal(other.read(octets.subarray(0, length), 6161), undefined, `${length} octets`);
    }
    assert.equal(other.read(Buffer.concat([octets, Buffer.alloc(1)]), 6161), undefined);
  }
});

test('replayed: no frame is taken twice, or after a later one', () => {
  for (const made of KINDS) {
    const [one, other] = pair();
    const [first, second] = [made(one), made(one)];
    assert.notEqual(other.read(second.octets, 6161), undefined);
    assert.equal(other.read(second.octets, 6161), undefined);
    assert.equal(other.read(first.octets, 6161), undefined);
  }
});

test('a frame under another key, or from another port than its own, is not taken', () => {
  for (const made of KINDS) {
    const [one, other] = pair();
    const stranger = new SiblingFrames(Buffer.alloc(32, 2), 6161, 2000);
    assert.equal(other.read(made(stranger).octets, 6161), undefined);
    assert.equal(other.read(made(one).octets, 6163), undefined);
  }
});

test('garbage is no frame', () => {
  const [, other] = pair();
  assertProperty(
    property(uint8Array({ maxLength: 100 }), (octets) => {
      assert.equal(other.read(Buffer.from([0xff, ...octets]), 6161), undefined);
    }),
  );
});

test('a worker that replaces a sibling is heard, even if its clock is behind', () => {
  const [one, other] = pair();
  assert.notEqual(other.read(one.ended(['a']).octets, 6161), undefined);
  const next = new SiblingFrames(KEY, 6161, 10);
  assert.equal(other.read(next.ended(['a']).octets, 6161), undefined);
  other.siblingsAre([6162]);
  assert.deepEqual(other.siblings, []);
  assert.notEqual(other.read(next.ended(['a']).octets, 6161), undefined);
});
