import assert from 'node:assert/strict';
import { test } from 'node:test';

import { parseVia, parseVias, sentByOf, viaWithSource } from './via.ts';

test('a Via is read with any blanks and cases the grammar allows (RFC 3261 25.1)', () => {
  const via = parseVia('SIP  / 2.0\r\n /UDP\r\n    192.0.2.2 : 5070;Branch=390skdjuw ; RPORT');
  assert.equal(via?.transport, 'UDP');
  assert.equal(via.host, '192.0.2.2');
  assert.equal(via.port, 5070);
  assert.equal(via.branch, '390skdjuw');
  assert.equal(via.rport, true);
});

test('an IPv6 sent-by and unknown transports are read', () => {
  assert.equal(parseVia('SIP/2.0/UNKNOWN [2001:db8::9:1];branch=z9hG4bK1')?.host, '[2001:db8::9:1]');
});

for (const text of [
  'SIP/2.0/UDP',
  'SIP/2.0/UDP 192.0.2.15;;,;,,',
  'SIP/2.0/UDP h;branch=a;branch=b',
  'SIP/2.0/UDP h;branch="a b"',
  'SIP/2.0/UDP h:0',
  'SIP/2.0/UDP h:70000',
  'SIP/3.0/UDP h',
  'SIP/2.0/UDP h;p="open',
]) {
  test(`${JSON.stringify(text)} is malformed`, () => assert.equal(parseVia(text), undefined));
}

test('received and rport are filled from the packet (RFC 3581 4)', () => {
  const via = parseVia('SIP/2.0/UDP 10.0.0.1:5060;rport;branch=z9hG4bK1');
  assert.equal(
    viaWithSource(via!, '203.0.113.9', 40000),
    'SIP/2.0/UDP 10.0.0.1:5060;branch=z9hG4bK1;received=203.0.113.9;rport=40000',
  );
});

test('without rport, received is added only if sent-by is another address (RFC 3261 18.2.1)', () => {
  const same = 'SIP/2.0/UDP 203.0.113.9;branch=z9hG4bK1';
  assert.equal(viaWithSource(parseVia(same)!, '203.0.113.9', 40000), same);
  assert.equal(viaWithSource(parseVia(same)!, '203.0.113.10', 40000), `${same};received=203.0.113.10`);
});

test('a received or rport that the client wrote is replaced, and further values of the field stay', () => {
  const text =
    'SIP/2.0/UDP h;received=198.51.100.66;rport=1;branch=z9hG4bK1;received=1.1.1.1 , SIP/2.0/UDP b;rport';
  assert.equal(
    viaWithSource(parseVia(text)!, '203.0.113.9', 40000),
    'SIP/2.0/UDP h;branch=z9hG4bK1;received=203.0.113.9;rport=40000, SIP/2.0/UDP b;rport',
  );
});

test('every value of a field is read', () => {
  const values = parseVias('SIP/2.0/UDP a;branch=z9hG4bKa,SIP/2.0/TCP b;branch=z9hG4bKb');
  assert.deepEqual(
    values?.map(({ host, transport, branch }) => [host, transport, branch]),
    [
      ['a', 'UDP', 'z9hG4bKa'],
      ['b', 'TCP', 'z9hG4bKb'],
    ],
  );
});

test('sent-by and rport can still be read from a malformed Via', () => {
  assert.equal(sentByOf('SIP/2.0/UDP 192.0.2.15;;,;,,')?.host, '192.0.2.15');
  const odd = sentByOf('SIP/7.0/UDP c.example.com:5070;branch=z9hG4bK1; rport');
  assert.deepEqual([odd?.host, odd?.port, odd?.rport], ['c.example.com', 5070, true]);
  assert.equal(sentByOf('nonsense'), undefined);
});
