import assert from 'node:assert/strict';
import { test } from 'node:test';

import { SipMessageFinder, type WireMessage } from '../capture/sip_messages.ts';
import { Randomness } from '../randomness.ts';
import { HEADER_FORMS } from './header_forms.ts';
import { linesOf, written, type RawLines } from './raw_request.ts';

const local = { address: '192.0.2.1', port: 5060 };
const credentials =
  'Proxy-Authorization: Digest username="me", algorithm=MD5, realm="here.example", nc=00000001';
const others = ['Subject: reject', credentials];
const INVITE = linesOf(
  { method: 'INVITE', uri: 'sip:a@b', to: '<sip:a@b>', others },
  local,
  new Randomness(1),
);

function read(lines: RawLines): WireMessage {
  const payload = Buffer.from(written(lines), 'latin1');
  const place = { time: 0, source: local, destination: local, packets: [] };
  const [found] = new SipMessageFinder().push({ protocol: 'udp', payload, ...place });
  assert.ok(found);
  return found.message;
}

test('every form is another text, and names the same call, user and realm', () => {
  for (const [name, form] of Object.entries(HEADER_FORMS)) {
    const message = read(form(INVITE));
    assert.notEqual(message.text, written(INVITE), name);
    assert.equal(message.callId, INVITE.callIds[0], name);
    assert.deepEqual(message.cseq, { number: 1, method: 'INVITE' }, name);
    assert.match(message.header('Via') ?? '', /^SIP ?\/ ?2\.0/, name);
    assert.match(message.header('To') ?? '', /sip:a@b/i, name);
    assert.match(message.all('Proxy-Authorization').at(-1) ?? '', /username ?= ?"me"/i, name);
    assert.equal(message.header('Max-Forwards')?.trim(), '70', name);
  }
});
