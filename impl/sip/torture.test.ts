import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

import { TimerWheel } from '../runtime/timer_wheel.ts';
import { ManualClock } from '../testing/manual_clock.ts';
import { RecordingTransport } from '../testing/recording_transport.ts';
import type { Parsed, SipRequest } from './message.ts';
import { MessageFramer } from './message_framer.ts';
import { parseNameAddrs } from './name_addr.ts';
import { parseMessage } from './parser.ts';
import { forwardedRequest, responseTo } from './serialiser.ts';
import type { ServerTransaction } from './server_transaction.ts';
import { TransactionLayer } from './transaction_layer.ts';
import { unescapedUser } from './uri.ts';
import { parseVias, viaWithSource } from './via.ts';

const DIRECTORY = join(import.meta.dirname, '../../vectors/rfc4475');
const SOURCE = { address: '203.0.113.7', port: 40_000 };

/** What the parser makes of a message: a request (its method), a response (its status), a refusal, or nothing. */
type Outcome = `request ${string}` | `response ${number}` | `refused ${number}` | 'dropped';

/**
 * RFC 4475 by section: file, and what the parser makes of it. Where the RFC leaves a choice, the parser is strict.
 * What it accepts may still be refused above it: 420, 483 and 405 come from the edge.
 */
const TORTURE: readonly (readonly [section: string, file: string, outcome: Outcome])[] = [
  ['3.1.1.1', 'wsinv', 'request INVITE'],
  ['3.1.1.2', 'intmeth', "request !interesting-Method0123456789_*+`.%indeed'~"],
  ['3.1.1.3', 'esc01', 'request INVITE'],
  ['3.1.1.4', 'escnull', 'request REGISTER'],
  ['3.1.1.5', 'esc02', 'request RE%47IST%45R'],
  ['3.1.1.6', 'lwsdisp', 'request OPTIONS'],
  ['3.1.1.7', 'longreq', 'request INVITE'],
  ['3.1.1.8', 'dblreq', 'request REGISTER'],
  ['3.1.1.9', 'semiuri', 'request OPTIONS'],
  ['3.1.1.10', 'transports', 'request OPTIONS'],
  ['3.1.1.11', 'mpart01', 'request MESSAGE'],
  ['3.1.1.12', 'unreason', 'response 200'],
  ['3.1.1.13', 'noreason', 'response 100'],
  ['3.1.2.1', 'badinv01', 'refused 400'],
  ['3.1.2.2', 'clerr', 'refused 400'],
  ['3.1.2.3', 'ncl', 'refused 400'],
  ['3.1.2.4', 'scalar02', 'refused 400'],
  ['3.1.2.5', 'scalarlg', 'dropped'],
  ['3.1.2.6', 'quotbal', 'refused 400'],
  ['3.1.2.7', 'ltgtruri', 'refused 400'],
  ['3.1.2.8', 'lwsruri', 'refused 400'],
  ['3.1.2.9', 'lwsstart', 'refused 400'],
  ['3.1.2.10', 'trws', 'refused 400'],
  ['3.1.2.11', 'escruri', 'refused 400'],
  ['3.1.2.12', 'baddate', 'request INVITE'],
  ['3.1.2.13', 'regbadct', 'refused 400'],
  ['3.1.2.14', 'badaspec', 'refused 400'],
  ['3.1.2.15', 'baddn', 'refused 400'],
  ['3.1.2.16', 'badvers', 'refused 505'],
  ['3.1.2.17', 'mismatch01', 'refused 400'],
  ['3.1.2.18', 'mismatch02', 'refused 400'],
  ['3.1.2.19', 'bigcode', 'dropped'],
  ['3.2.1', 'badbranch', 'request OPTIONS'],
  ['3.3.1', 'insuf', 'refused 400'],
  ['3.3.2', 'unkscm', 'refused 416'],
  ['3.3.3', 'novelsc', 'refused 416'],
  ['3.3.4', 'unksm2', 'request REGISTER'],
  ['3.3.5', 'bext01', 'request OPTIONS'],
  ['3.3.6', 'invut', 'request INVITE'],
  ['3.3.7', 'regaut01', 'request REGISTER'],
  ['3.3.8', 'multi01', 'refused 400'],
  ['3.3.9', 'mcl01', 'refused 400'],
  ['3.3.10', 'bcast', 'response 200'],
  ['3.3.11', 'zeromf', 'request OPTIONS'],
  ['3.3.12', 'cparam01', 'request REGISTER'],
  ['3.3.13', 'cparam02', 'request REGISTER'],
  ['3.3.14', 'regescrt', 'request REGISTER'],
  ['3.3.15', 'sdp01', 'request INVITE'],
  ['3.4.1', 'inv2543', 'request INVITE'],
];

const octetsOf = (file: string): Buffer => readFileSync(join(DIRECTORY, `${file}.dat`));

function outcomeOf(parsed: Parsed): Outcome {
  switch (parsed.kind) {
    case 'request':
      return `request ${parsed.method}`;
    case 'response':
      return `response ${parsed.status}`;
    case 'malformed':
      return `refused ${parsed.status}`;
    case 'drop':
  }
  return 'dropped';
}

function request(file: string): SipRequest {
  const parsed = parseMessage(octetsOf(file));
  assert.equal(parsed.kind, 'request', file);
  return parsed;
}

test('every message of the archive is in the table, except the one that RFC 4475 does not describe', () => {
  const files = readdirSync(DIRECTORY).filter((name) => name.endsWith('.dat'));
  assert.deepEqual(files.toSorted(), [...TORTURE.map(([, file]) => `${file}.dat`), 'test.dat'].toSorted());
  assert.equal(TORTURE.length, 49);
  assert.equal(outcomeOf(parseMessage(octetsOf('test'))), 'dropped');
});

for (const [section, file, outcome] of TORTURE) {
  test(`RFC 4475 ${section} ${file}: ${outcome}, and what is sent for it is well-formed`, () => {
    const parsed = parseMessage(octetsOf(file));
    assert.equal(outcomeOf(parsed), outcome);
    const transport = new RecordingTransport();
    const requested: ServerTransaction[] = [];
    const layer = new TransactionLayer(new TimerWheel(new ManualClock()));
    layer.serve({
      requested: (transaction) => requested.push(transaction),
      acknowledged: () => assert.fail('no ACK'),
      unacknowledged: () => undefined,
    });
    if (parsed.kind === 'response') assert.equal(layer.receiveResponse(parsed), false, 'nobody asked');
    if (parsed.kind === 'malformed') {
      const { via, message, status, reasonPhrase } = parsed;
      const topVia = viaWithSource(via, SOURCE.address, SOURCE.port);
      const refusal = responseTo(message, topVia, { status, reasonPhrase, toTag: 't' }).toString('latin1');
      assert.match(refusal, new RegExp(`^SIP/2\\.0 ${status} [^\\r\\n]+\\r\\n[^]*Via: [^]*\\r\\n\\r\\n$`));
      assert.doesNotMatch(refusal.replaceAll('\r\n', ''), /[\r\n]/);
    }
    if (parsed.kind !== 'request') return assert.deepEqual(transport.sent, []);
    for (let i = 0; i < 2; i++) layer.receiveRequest(parsed, SOURCE, transport);
    assert.equal(requested.length, 1, 'the same message again is a retransmission');
    requested[0]!.respond({ status: 405, toTag: 't' });
    const { text, destination } = transport.sent[0]!;
    const port = parsed.via.rport ? SOURCE.port : (parsed.via.port ?? 5060);
    assert.deepEqual(destination, { address: SOURCE.address, port });
    const answer = parseMessage(Buffer.from(text, 'latin1'));
    assert.equal(answer.kind, 'response');
    assert.deepEqual(
      [answer.status, answer.method, answer.callId, answer.cseq, answer.via.branch],
      [405, parsed.method, parsed.callId, parsed.cseq, parsed.via.branch],
    );
  });
}

/** The message as this stack would forward it. */
function forwarded(file: string): SipRequest {
  const received = request(file);
  const packet = forwardedRequest(received, {
    via: 'SIP/2.0/UDP 198.51.100.1:5060;branch=z9hG4bKout;rport',
    receivedVia: viaWithSource(received.via, SOURCE.address, SOURCE.port),
    recordRoute: '<sip:198.51.100.1:5060;lr>',
    maxForwards: 69,
    route: 'keep',
    isOverStream: false,
    drops: () => false,
  });
  const parsed = parseMessage(packet);
  assert.equal(parsed.kind, 'request', file);
  assert.equal(
    parsed.text.slice(parsed.bodyStart, parsed.end),
    received.text.slice(received.bodyStart, received.end),
  );
  return parsed;
}

test('a well-formed message is forwarded with every other field as it came', () => {
  const rewritten = new Set(['via', 'max-forwards', 'record-route']);
  for (const [, file, outcome] of TORTURE) {
    if (!outcome.startsWith('request')) continue;
    const others = ({ headers }: SipRequest) =>
      headers.filter(({ key }) => !rewritten.has(key)).map(({ name, value }) => [name, value]);
    const onward = forwarded(file);
    assert.deepEqual(others(onward), others(request(file)), file);
    assert.equal(onward.uriText, request(file).uriText);
    assert.equal(onward.maxForwards, 69);
  }
});

test('3.1.1.1 wsinv: white space, folding, compact forms and leading zeros', () => {
  const invite = request('wsinv');
  assert.equal(invite.to.tag, '1918181833n');
  assert.equal(invite.from.tag, '98asjd8');
  assert.equal(invite.maxForwards, 68);
  assert.equal(invite.cseq, 9);
  assert.equal(invite.via.branch, '390skdjuw');
  assert.equal(invite.via.host, '192.0.2.2');
  assert.equal(invite.end - invite.bodyStart, 150);
  assert.equal(invite.value('unknownheaderwithunusualvalue'), ';;,,;;,;');
  const [, second] = invite.values('via');
  assert.deepEqual(
    parseVias(second!)?.map(({ transport, host, branch }) => [transport, host, branch]),
    [
      ['TCP', 'spindle.example.com', 'z9hG4bK9ikj8'],
      ['UDP', '192.168.255.111', 'z9hG4bK30239'],
    ],
  );
  assert.equal(invite.contact?.uriText, 'sip:jdrosen@example.com');
});

test('3.1.1.3, 3.1.1.4, 3.1.1.9: users are unescaped once, NUL included', () => {
  const user = (file: string) => unescapedUser(request(file).uri.user ?? '');
  assert.equal(user('esc01'), 'sips:user@example.com');
  assert.equal(request('esc01').uri.host, 'example.net');
  assert.equal(unescapedUser(request('esc01').to.uri?.user ?? ''), 'user');
  assert.equal(unescapedUser(request('escnull').to.uri?.user ?? ''), 'null-\0-null');
  assert.deepEqual(
    request('escnull')
      .values('contact')
      .map((value) => unescapedUser(parseNameAddrs(value)?.[0]?.uri?.user ?? '')),
    ['\0', '\0\0'],
  );
  assert.equal(user('semiuri'), 'user;par=u@example.net');
  assert.equal(request('semiuri').uri.parameters, '');
});

test('3.1.1.5 esc02: percent signs in a method and in a header field’s name escape nothing', () => {
  const [first, second, ...others] = request('esc02').values('contact');
  assert.equal(parseNameAddrs(first!)?.[0]?.uriText, 'sip:alias1@host1.example.com');
  assert.equal(parseNameAddrs(second!)?.[0]?.uriText, 'sip:alias3@host3.example.com');
  assert.deepEqual(others, []);
});

test('3.1.1.8 dblreq: what follows Content-Length in the datagram is not processed', () => {
  const register = request('dblreq');
  assert.equal(register.end, register.bodyStart);
  assert.doesNotMatch(forwarded('dblreq').text, /INVITE/);
});

test('3.3.12 to 3.3.14: parameters after the brackets are the header’s, those within are the URI’s', () => {
  assert.equal(request('cparam01').contact?.uri?.parameters, '');
  assert.equal(request('cparam02').contact?.uri?.parameters, ';unknownparam');
  assert.equal(request('regescrt').contact?.uri?.headers, '?Route=%3Csip:sip.example.com%3E');
});

test('3.1.2.15 baddn: the comma alone is enough to refuse it, even if the message had an end', () => {
  const parsed = parseMessage(Buffer.concat([octetsOf('baddn'), Buffer.from('\r\n')]));
  assert.equal(parsed.kind === 'malformed' && parsed.reasonPhrase, 'Bad Request (From)');
});

test('3.4.1 inv2543: it is a request, although it has no branch, no tag and no Max-Forwards', () => {
  const invite = request('inv2543');
  assert.equal(invite.via.branch, undefined);
  assert.equal(invite.from.tag, undefined);
  assert.equal(invite.maxForwards, undefined);
});

/** The result of a stream that holds only this message, if it is not the message itself. */
const ON_A_STREAM: Readonly<Record<string, 'waits for more' | 'cannot be framed'>> = {
  // RFC 4475 3.1.2.2: the framer waits for the octets of Content-Length, until the connection is closed.
  clerr: 'waits for more',
  baddn: 'waits for more',
  inv2543: 'cannot be framed',
  ncl: 'cannot be framed',
  mcl01: 'cannot be framed',
};

test('on a stream they are cut by Content-Length, and the stream ends if that is unusable', () => {
  for (const [, file, outcome] of TORTURE) {
    const outcomes: Outcome[] = [];
    const framer = new MessageFramer({
      framed: (packet) => outcomes.push(outcomeOf(parseMessage(packet, true))),
      pinged: () => undefined,
    });
    framer.push(octetsOf(file));
    const expected = ON_A_STREAM[file];
    const [first] = outcomes;
    if (expected === 'waits for more')
      assert.deepEqual([first, framer.isMidMessage], [undefined, true], file);
    else if (expected === 'cannot be framed')
      assert.deepEqual([first, framer.isOver], ['refused 400', true], file);
    else assert.equal(first, outcome, file);
  }
});
