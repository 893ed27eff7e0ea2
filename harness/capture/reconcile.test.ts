import assert from 'node:assert/strict';
import { test } from 'node:test';

import * as fc from 'fast-check';

import { reconcile, type TracedMessage } from './reconcile.ts';
import { SipMessageFinder, type WireMessage } from './sip_messages.ts';

const LOCAL = { address: '203.0.113.7', port: 5060 };
const EDGE = { address: '198.18.67.33', port: 6160 };

interface Event {
  readonly time: number;
  readonly direction: 'sent' | 'received';
  readonly text: string;
}

const INVITE = 'INVITE sip:b SIP/2.0\r\nCall-ID: 1\r\nCSeq: 1 INVITE\r\n\r\n';
const OK = 'SIP/2.0 200 OK\r\nCall-ID: 1\r\nCSeq: 1 INVITE\r\n\r\n';
const ACK = 'ACK sip:b SIP/2.0\r\nCall-ID: 1\r\nCSeq: 1 ACK\r\n\r\n';
const CALL: readonly Event[] = [
  { time: 1000, direction: 'sent', text: INVITE },
  { time: 1010, direction: 'received', text: OK },
  { time: 1500, direction: 'sent', text: ACK },
];

function onWire({ time, direction, text }: Event, peer = EDGE): WireMessage {
  const [source, destination] = direction === 'sent' ? [LOCAL, peer] : [peer, LOCAL];
  const payload = Buffer.from(text, 'latin1');
  const [captured] = new SipMessageFinder().push({
    protocol: 'udp',
    time,
    source,
    destination,
    payload,
    packets: [],
  });
  assert.ok(captured !== undefined);
  return captured.message;
}

function traced(event: Event): TracedMessage {
  return { ...event, time: event.time + 1, transport: 'UDP' };
}

const WIRE = CALL.map((event) => onWire(event));
const TRACE = CALL.map(traced);

test('agrees on what both saw, whatever white space the trace ends a message with', () => {
  const trace = TRACE.map((one) => ({ ...one, text: `${one.text.trimEnd()}\n` }));
  assert.deepEqual(reconcile(trace, WIRE, LOCAL), { agreed: WIRE });
  assert.deepEqual(reconcile([], [], LOCAL), { agreed: [] });
});

test('ignores messages of others', () => {
  const other = {
    ...onWire({ time: 1005, direction: 'received', text: OK }),
    destination: { ...LOCAL, port: 5070 },
  };
  assert.deepEqual(reconcile(TRACE, [...WIRE, other], LOCAL), { agreed: WIRE });
  assert.match(
    reconcile(TRACE, [...WIRE, other], { address: LOCAL.address }).disagreement ?? '',
    /trace lacks it/,
  );
});

test('says which message the wire lacks', () => {
  const { disagreement } = reconcile(TRACE, WIRE.slice(0, 2), LOCAL);
  assert.equal(
    disagreement,
    'SIPp\'s trace says that it sent "ACK sip:b SIP/2.0" (CSeq 1 ACK, Call-ID 1) over UDP at 1970-01-01T00:00:01.501Z, but the wire lacks it.',
  );
});

test('says how often each has a repeated message', () => {
  const { disagreement } = reconcile([...TRACE.slice(0, 1), ...TRACE], WIRE, LOCAL);
  assert.match(disagreement ?? '', /but it was on the wire 1 times, traced 2\.$/);
});

test('agrees on a call that loops, and says what it lacks', () => {
  const storm = Array.from({ length: 40_000 }, (_, index): Event => ({
    time: 1000 + index,
    direction: 'sent',
    text: INVITE,
  }));
  const wire = storm.map((event) => onWire(event));
  assert.equal(reconcile(storm.map(traced), wire, LOCAL).agreed?.length, storm.length);
  assert.match(
    reconcile(storm.slice(1).map(traced), wire, LOCAL).disagreement ?? '',
    /^The wire says that SIPp sent "INVITE [^;]*, but SIPp's trace lacks it\.$/,
  );
});

test('distinguishes directions, transports and texts', () => {
  const changed: Partial<TracedMessage>[] = [
    { direction: 'received' },
    { transport: 'tcp' },
    { text: INVITE.replace('CSeq: 1', 'CSeq:  1') },
  ];
  for (const change of changed) {
    const trace = TRACE.map((one, index) => (index === 0 ? { ...one, ...change } : one));
    assert.match(
      reconcile(trace, WIRE, LOCAL).disagreement ?? '',
      /; 1 more disagree\.$/,
      JSON.stringify(change),
    );
  }
});

test('says what SIPp sent and did not trace, even at its end', () => {
  const late = onWire({ time: 9000, direction: 'sent', text: ACK });
  assert.match(
    reconcile(TRACE, [...WIRE, late], LOCAL).disagreement ?? '',
    /SIPp sent "ACK .* trace lacks it\.$/,
  );
});

test('allows what came when SIPp had ended, or was about to', () => {
  for (const time of [1480, 1600]) {
    const late = onWire({ time, direction: 'received', text: OK });
    const wire = [...WIRE, late].toSorted((a, b) => a.time - b.time);
    assert.deepEqual(reconcile(TRACE, wire, LOCAL), { agreed: WIRE }, `at ${time}`);
  }
});

test('says what SIPp was sent while it read, and did not trace', () => {
  const early = onWire({ time: 1100, direction: 'received', text: OK.replace('200', '180') });
  const wire = [...WIRE.slice(0, 2), early, ...WIRE.slice(2)];
  assert.match(
    reconcile(TRACE, wire, LOCAL).disagreement ?? '',
    /SIPp was sent "SIP\/2\.0 180 OK" .* trace lacks it\.$/,
  );
});

test('says what SIPp must have skipped, because it later read from the same socket', () => {
  const bye: Event = { time: 1499, direction: 'received', text: OK.replaceAll('INVITE', 'BYE') };
  const skipped = onWire({ time: 1498, direction: 'received', text: OK.replace('200', '180') });
  const wire = [...WIRE.slice(0, 2), skipped, onWire(bye), ...WIRE.slice(2)];
  const trace = [...TRACE.slice(0, 2), traced(bye), ...TRACE.slice(2)];
  assert.match(reconcile(trace, wire, LOCAL).disagreement ?? '', /SIP\/2\.0 180/);
});

test('agrees with any faithful trace, and with none that lacks or invents a message', () => {
  const texts = fc.constantFrom(INVITE, OK, ACK);
  const events = fc.array(
    fc.record({ direction: fc.constantFrom('sent' as const, 'received' as const), text: texts }),
    {
      minLength: 1,
      maxLength: 12,
    },
  );
  fc.assert(
    fc.property(events, fc.nat(), (steps, pick) => {
      const history = steps.map((step, index) => ({ ...step, time: 1000 + index * 100 }));
      const wire = history.map((event) => onWire(event));
      const trace = history.map(traced);
      assert.deepEqual(reconcile(trace, wire, LOCAL).agreed, wire);
      const index = pick % history.length;
      assert.ok(reconcile(trace, wire.toSpliced(index, 1), LOCAL).disagreement !== undefined);
      // The last one may have come when SIPp had ended.
      const isLast = index === history.length - 1 && history[index]?.direction === 'received';
      const forgetful = reconcile(trace.toSpliced(index, 1), wire, LOCAL);
      const again = history.slice(index + 1).some((later) => later.text === history[index]?.text);
      if (!isLast && !again) assert.ok(forgetful.disagreement !== undefined);
    }),
  );
});
