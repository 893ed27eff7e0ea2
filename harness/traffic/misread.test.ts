import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import type { WireMessage } from '../capture/sip_messages.ts';
import { digestCredentials } from '../clients/digest.ts';
import { misreading } from './misread.ts';
import { messagesTraced } from './trace.ts';

const CALLER = { address: '192.0.2.1', port: 5060 };
const SERVICE = { address: '198.51.100.1', port: 5060 };
const CREDENTIALS = { username: 'app', password: 'not-a-real-password' };
const CHALLENGE = 'Digest realm="edge.example", nonce="one", qop="auth"';
const NEWER = 'Digest realm="edge.example", nonce="two", qop="auth"';
const ROUTE = '<sip:edge.example;lr>';

type Line = readonly ['sent' | 'received', string, ...string[]];

function call(...lines: readonly Line[]): readonly WireMessage[] {
  return messagesTraced(
    lines.map(([direction, ...text], time) => ({
      time,
      direction,
      transport: 'udp',
      truncated: false,
      text: [...text, 'Call-ID: one', 'Content-Length: 0', '', ''].join('\r\n'),
    })),
    CALLER,
    SERVICE,
  );
}

function invite(number: number, nonce?: string, password = CREDENTIALS.password): Line {
  const credentials = digestCredentials({
    username: CREDENTIALS.username,
    realm: 'edge.example',
    password,
    method: 'INVITE',
    uri: 'sip:app@edge.example',
    nonce: nonce ?? '',
    qop: { nonceCount: 1, clientNonce: 'cc' },
  });
  return [
    'sent',
    'INVITE sip:app@edge.example SIP/2.0',
    `CSeq: ${number} INVITE`,
    ...(nonce === undefined ? [] : [`Proxy-Authorization: ${credentials}`]),
  ];
}

const challenged = (number: number, challenge: string): Line => [
  'received',
  'SIP/2.0 407 Proxy Authentication Required',
  `CSeq: ${number} INVITE`,
  `Proxy-Authenticate: ${challenge}`,
];
const answered: Line = ['received', 'SIP/2.0 200 OK', 'CSeq: 2 INVITE', `Record-Route: ${ROUTE}`];
const inDialog = (method: string, ...routes: string[]): Line => [
  'sent',
  `${method} sip:called@198.51.100.9 SIP/2.0`,
  `CSeq: 3 ${method}`,
  ...routes.map((route) => `Route: ${route}`),
];

const read = (messages: readonly WireMessage[], givenUp = false): string | undefined =>
  misreading({ messages, local: CALLER, credentials: CREDENTIALS, givenUp });

describe('misreading', () => {
  test('finds nothing in a call that answers its challenge and goes by its route', () => {
    assert.equal(
      read(
        call(
          invite(1),
          challenged(1, CHALLENGE),
          invite(2, 'one'),
          answered,
          inDialog('ACK', ROUTE),
          inDialog('BYE', ROUTE),
        ),
      ),
      undefined,
    );
  });

  test('tells an answer to a nonce that was not given', () => {
    assert.match(
      read(call(invite(1), challenged(1, CHALLENGE), invite(2, 'three'))) ?? '',
      /^it answered "Digest realm="edge\.example", nonce="one", qop="auth"" with "Digest .*nonce="three"/,
    );
  });

  test('tells a wrong answer', () => {
    const messages = call(invite(1), challenged(1, CHALLENGE), invite(2, 'one', 'another'));
    assert.match(read(messages) ?? '', /^it answered/);
  });

  test('the same INVITE sent again answers the challenge that it answered before', () => {
    const again = invite(2, 'one');
    assert.equal(
      read(call(invite(1), challenged(1, CHALLENGE), again, challenged(2, NEWER), again)),
      undefined,
    );
  });

  test('tells an ACK and a BYE without the route that was recorded', () => {
    for (const method of ['ACK', 'BYE'])
      assert.equal(
        read(call(invite(2), answered, inDialog(method))),
        `its ${method} goes by "", and not by the Record-Route "${ROUTE}"`,
      );
  });

  test('a call given up ends by a BYE of its own, and only that one is let pass', () => {
    const ended = call(invite(2), answered, inDialog('ACK', ROUTE), inDialog('BYE'));
    assert.equal(read(ended, true), undefined);
    assert.match(read(call(invite(2), answered, inDialog('ACK')), true) ?? '', /^its ACK goes by ""/);
  });

  test('what the service sends is not judged', () => {
    const [, ...bye] = inDialog('BYE');
    const start = bye[0] ?? '';
    assert.equal(read(call(invite(2), answered, ['received', start, ...bye.slice(1)])), undefined);
  });
});
