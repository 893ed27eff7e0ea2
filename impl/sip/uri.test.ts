import assert from 'node:assert/strict';
import { test } from 'node:test';

import { parseSipUri, unescapedUser, uriScheme } from './uri.ts';

test('a SIP URI is split into its parts (RFC 3261 19.1.1)', () => {
  assert.deepEqual(parseSipUri('sip:alice:pass@example.com:5061;transport=udp;lr?Subject=x'), {
    scheme: 'sip',
    user: 'alice',
    host: 'example.com',
    port: 5061,
    parameters: ';transport=udp;lr',
    headers: '?Subject=x',
  });
  assert.equal(parseSipUri('SIPS:[2001:db8::1]:5061')?.host, '[2001:db8::1]');
  assert.equal(parseSipUri('sip:example.com')?.user, undefined);
});

test('semicolons in the user part begin no parameters (RFC 4475 3.1.1.9)', () => {
  const uri = parseSipUri('sip:user;par=u%40example.net@example.com');
  assert.equal(uri?.user, 'user;par=u%40example.net');
  assert.equal(unescapedUser(uri.user), 'user;par=u@example.net');
  assert.equal(uri.parameters, '');
});

test('escapes are decoded once, and a broken one is left alone', () => {
  assert.equal(unescapedUser('%2541lice'), '%41lice');
  assert.equal(unescapedUser('100%'), '100%');
});

for (const text of [
  'sip:',
  'sip:@example.com',
  'sip:a@',
  'sip:a b@example.com',
  'sip:a@example.com:',
  'sip:a@example.com:65536',
  'sip:a@example.com:5060x',
  'sip:a@[::1',
  'sip:a@[zz]',
  '<sip:a@example.com>',
  'tel:+15550100',
  'sip:a@exam\r\nple.com',
]) {
  test(`${JSON.stringify(text)} is not a SIP URI`, () => assert.equal(parseSipUri(text), undefined));
}

test('any absolute URI has a scheme', () => {
  assert.equal(uriScheme('soap.beep://192.0.2.103:3002'), 'soap.beep');
  assert.equal(uriScheme('nobodyKnowsThisScheme:x'), 'nobodyknowsthisscheme');
  assert.equal(uriScheme('no scheme'), undefined);
  assert.equal(uriScheme('1:x'), undefined);
});
