import assert from 'node:assert/strict';
import { test } from 'node:test';

import type { SipRequest, SipResponse } from './message.ts';
import { parseMessage } from './parser.ts';
import {
  ackOf,
  cancelOf,
  forwardedRequest,
  forwardedResponse,
  responseTo,
  type RequestForwarding,
} from './serialiser.ts';

const crlf = (...lines: string[]): string => lines.join('\r\n');

const INVITE = crlf(
  'INVITE sip:app@sip-uri.voice-api.example SIP/2.0',
  'v: SIP/2.0/UDP 10.0.0.1;branch=z9hG4bK1;rport',
  'X-Vendor : a',
  'x-folded: a',
  '\tb',
  'Max-Forwards: 70',
  'Route: <sip:own.example;lr>, <sip:next.example;lr>',
  'f: <sip:caller@customer.example>;tag=f1',
  't:   <sip:app@sip-uri.voice-api.example>',
  'Call-ID: c1',
  'Timestamp: 54',
  'CSeq: 7 INVITE',
  'unKnown :  kept   as  is ',
  'Record-Route: <sip:up.example;lr>',
  'Content-Length: 4',
  '',
  'bodyTRAILING',
);

function request(text: string): SipRequest {
  const parsed = parseMessage(Buffer.from(text, 'latin1'));
  assert.equal(parsed.kind, 'request');
  return parsed;
}

function response(text: string): SipResponse {
  const parsed = parseMessage(Buffer.from(text, 'latin1'));
  assert.equal(parsed.kind, 'response');
  return parsed;
}

const FORWARDING: RequestForwarding = {
  via: 'SIP/2.0/UDP own.example;branch=z9hG4bKown;rport',
  receivedVia: 'SIP/2.0/UDP 10.0.0.1;branch=z9hG4bK1;received=203.0.113.7;rport=9',
  recordRoute: '<sip:own.example;lr>',
  maxForwards: 69,
  route: 'removeFirst',
  isOverStream: false,
  drops: ({ key }) => key.startsWith('x-'),
};

test('forwarding rewrites only what RFC 3261 16.6 changes', () => {
  assert.equal(
    forwardedRequest(request(INVITE), FORWARDING).toString('latin1'),
    crlf(
      'INVITE sip:app@sip-uri.voice-api.example SIP/2.0',
      'Via: SIP/2.0/UDP own.example;branch=z9hG4bKown;rport',
      'Record-Route: <sip:own.example;lr>',
      'Via: SIP/2.0/UDP 10.0.0.1;branch=z9hG4bK1;received=203.0.113.7;rport=9',
      'Max-Forwards: 69',
      'Route: <sip:next.example;lr>',
      'f: <sip:caller@customer.example>;tag=f1',
      't:   <sip:app@sip-uri.voice-api.example>',
      'Call-ID: c1',
      'Timestamp: 54',
      'CSeq: 7 INVITE',
      'unKnown :  kept   as  is ',
      'Record-Route: <sip:up.example;lr>',
      'Content-Length: 4',
      '',
      'body',
    ),
  );
});

test('a missing Max-Forwards is added, and the only Route, which is our own, removed', () => {
  const text = INVITE.replace('Max-Forwards: 70\r\n', '').replace(', <sip:next.example;lr>', '');
  const forwarded = forwardedRequest(request(text), { ...FORWARDING, maxForwards: 70 }).toString('latin1');
  assert.match(forwarded, /\r\nMax-Forwards: 70\r\n/);
  assert.doesNotMatch(forwarded, /\r\nRoute:/);
});

test('a response copies from its request what RFC 3261 8.2.6.2 demands, and adds a To tag', () => {
  assert.equal(
    responseTo(request(INVITE), 'SIP/2.0/UDP 10.0.0.1;received=1.2.3.4', {
      status: 403,
      toTag: 't9',
      headers: [['Warning', 'a\r\nX-Injected: b']],
    }).toString('latin1'),
    crlf(
      'SIP/2.0 403 Forbidden',
      'Via: SIP/2.0/UDP 10.0.0.1;received=1.2.3.4',
      'f: <sip:caller@customer.example>;tag=f1',
      'To: <sip:app@sip-uri.voice-api.example>;tag=t9',
      'Call-ID: c1',
      'CSeq: 7 INVITE',
      'Warning: a X-Injected: b',
      'Content-Length: 0',
      '',
      '',
    ),
  );
});

test('a 100 copies Timestamp and adds no tag', () => {
  const trying = responseTo(request(INVITE), 'v', { status: 100 }).toString('latin1');
  assert.match(trying, /\r\nTimestamp: 54\r\n/);
  assert.doesNotMatch(trying, /;tag=t|Record-Route/);
});

test('a To that has a tag keeps it', () => {
  for (const to of [
    '<sip:a@example.com> ; tag = t1',
    'sip:a@example.com;TAG=t1',
    '"tag=" <sip:a@b>;tag=t1',
    '<sip:a@b.example>;tag=t;x=">"',
    '<sip:a@b.example>;x=">";tag=t',
  ]) {
    const text = INVITE.replace(/t: .*/, `t: ${to}`);
    assert.doesNotMatch(
      responseTo(request(text), 'v', { status: 481, toTag: 'new' }).toString('latin1'),
      /tag=new/,
    );
  }
  for (const to of ['";tag=x" <sip:a@example.com;tag=y>', '<sip:a@b.example>;x="a>;tag=t"']) {
    const text = INVITE.replace(/t: .*/, `t: ${to}`);
    const answer = responseTo(request(text), 'v', { status: 481, toTag: 'new' }).toString('latin1');
    assert.ok(answer.includes(`To: ${to};tag=new\r\n`), answer);
  }
});

const RINGING = crlf(
  'SIP/2.0 180 Ringing',
  'Via: SIP/2.0/UDP own.example;branch=z9hG4bKown , SIP/2.0/UDP 10.0.0.1;branch=z9hG4bK1',
  'Via: SIP/2.0/UDP first.example;branch=z9hG4bK0',
  'From: <sip:caller@customer.example>;tag=f1',
  'To: <sip:app@sip-uri.voice-api.example>;tag=callee',
  'Call-ID: c1',
  'CSeq: 7 INVITE',
  'Content-Length: 0',
  '',
  'TRAILING',
);

const UNCHANGED = { rewrite: undefined, isOverStream: false };

test('a response goes upstream without its topmost Via value (RFC 3261 16.7)', () => {
  const forwarded = forwardedResponse(response(RINGING), UNCHANGED).toString('latin1');
  assert.equal(
    forwarded,
    RINGING.replace('SIP/2.0/UDP own.example;branch=z9hG4bKown , ', '').replace('TRAILING', ''),
  );
  const separate = RINGING.replace(' , SIP/2.0/UDP 10.0.0.1', '\r\nVia: SIP/2.0/UDP 10.0.0.1');
  assert.equal(forwardedResponse(response(separate), UNCHANGED).toString('latin1'), forwarded);
});

test('a Record-Route is known by its user part, whatever was changed around it', () => {
  const to = '<sip:new@own.example;lr>';
  const routes = {
    '<sip:token@own.example;lr>': to,
    '<sip:token@own.example:5060;transport=invalid;lr=on>;x="a,b"': to,
    'sip:token@own.example': to,
    '"a <sip:token@b>, c" <sip:up.example;lr>,  <sip:token@own.example> , <sip:down.example;lr>': `"a <sip:token@b>, c" <sip:up.example;lr>,${to}, <sip:down.example;lr>`,
    '<sip:other@own.example;token>': '<sip:other@own.example;token>',
    '<sip:token-2@own.example;lr>': '<sip:token-2@own.example;lr>',
  };
  for (const [received, expected] of Object.entries(routes)) {
    const text = RINGING.replace('To:', `Record-Route: ${received}\r\nTo:`);
    const sent = forwardedResponse(response(text), { ...UNCHANGED, rewrite: { user: 'token', to } });
    assert.equal(/Record-Route: (.*)\r/.exec(sent.toString('latin1'))?.[1], expected);
  }
});

test('over a stream a message without Content-Length gets one', () => {
  const invite = INVITE.replace('Content-Length: 4\r\n', '');
  const sent = forwardedRequest(request(invite), { ...FORWARDING, isOverStream: true }).toString('latin1');
  assert.match(sent, /\r\nContent-Length: 12\r\n/);
  assert.equal(sent.match(/Content-Length/g)?.length, 1);
  const ringing = RINGING.replace('Content-Length: 0\r\n', '');
  const answer = forwardedResponse(response(ringing), { ...UNCHANGED, isOverStream: true });
  assert.match(answer.toString('latin1'), /\r\nContent-Length: 8\r\n[^]*\r\n\r\nTRAILING$/);
  const complete = forwardedResponse(response(RINGING), { ...UNCHANGED, isOverStream: true });
  assert.equal(complete.toString('latin1').match(/Content-Length/g)?.length, 1);
});

test('all Route values can be removed, from CANCEL and ACK too', () => {
  const text = INVITE.replace('Timestamp:', 'Route: <sip:third.example>\r\nTimestamp:');
  const sent = forwardedRequest(request(text), { ...FORWARDING, route: 'removeAll' }).toString('latin1');
  const cancel = cancelOf({ request: request(text), via: 'v', route: 'removeAll' }).toString('latin1');
  for (const message of [sent, cancel]) assert.doesNotMatch(message, /\nRoute/);
});

test('CANCEL and ACK are made from the INVITE that was sent (RFC 3261 9.1, 17.1.1.3)', () => {
  const invite = {
    request: request(INVITE),
    via: 'SIP/2.0/UDP own.example;branch=z9hG4bKown',
    route: 'removeFirst',
  } as const;
  const rest = ['f: <sip:caller@customer.example>;tag=f1', 'Call-ID: c1'];
  assert.equal(
    cancelOf(invite).toString('latin1'),
    crlf(
      'CANCEL sip:app@sip-uri.voice-api.example SIP/2.0',
      'Via: SIP/2.0/UDP own.example;branch=z9hG4bKown',
      'Max-Forwards: 70',
      't:   <sip:app@sip-uri.voice-api.example>',
      'Route: <sip:next.example;lr>',
      ...rest,
      'CSeq: 7 CANCEL',
      'Content-Length: 0',
      '',
      '',
    ),
  );
  const ack = ackOf(invite, response(RINGING)).toString('latin1');
  assert.match(ack, /^ACK /);
  assert.match(ack, /\r\nTo: <sip:app@sip-uri.voice-api.example>;tag=callee\r\n/);
  assert.match(ack, /\r\nCSeq: 7 ACK\r\n/);
});
