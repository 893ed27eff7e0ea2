import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { callbackErrors, callbackRefusal } from './callback_url.ts';

const refusal = callbackRefusal([]);

describe('a callback URL (hard.callback-url)', () => {
  const refused: readonly (readonly [hosts: readonly string[], reason: RegExp])[] = [
    [
      [
        '127.0.0.1',
        '127.1',
        '127.255.255.254',
        '127.0.0.1.',
        '127.0.0.1..',
        '0x7f.1',
        '2130706433',
        '%31%32%37.1',
      ],
      /Loopback/,
    ],
    [['10.0.0.1', '172.16.0.1', '172.31.255.255', '192.168.1.1', '012.0.0.1', '１０.0.0.1'], /Private-Use/],
    [['169.254.169.254', '0xa9fea9fe', '0251.0376.0251.0376', '2852039166', '169.254.43518'], /Link Local/],
    [
      ['0.0.0.0', '0', '100.64.0.1', '192.0.0.1', '198.18.0.1', '240.0.0.1', '255.255.255.255'],
      /is not public/,
    ],
    [['224.0.0.1', '239.255.255.255', '[ff02::1]', '[ff0e::1]'], /Multicast/],
    [['[::1]', '[0:0:0:0:0:0:0:1]', '[::0001]'], /Loopback Address \(RFC 4291\)/],
    [['[::ffff:10.0.0.1]', '[::ffff:a00:1]', '[::FFFF:127.0.0.1]', '[::ffff:0:1]'], /IPv4-mapped/],
    [['[fd00::1]', '[fc00::1]', '[fdff:ffff::1]'], /Unique-Local/],
    [
      ['[fe80::1]', '[febf::1]', '[::]', '[::7f00:1]', '[64:ff9b::a00:1]', '[2002:a00:1::1]', '[2001:2::1]'],
      /is not public/,
    ],
    [['localhost', 'LOCALHOST', 'localhost.', 'api.localhost', 'ｌocalhost'], /Loopback/],
    [
      [
        'somebody@callbacks.example',
        'somebody:secret@callbacks.example',
        '@callbacks.example',
        'a.example:80@10.0.0.1',
      ],
      /user name/,
    ],
    [
      [
        'callbacks.example\\@10.0.0.1',
        'callbacks.example/a\u0001',
        'callbacks.example/\u0085',
        'callbacks.example/ a',
      ],
      /control/,
    ],
  ];
  for (const [hosts, reason] of refused) {
    for (const host of hosts) {
      test(`is refused: ${JSON.stringify(host)}`, () => {
        for (const url of [`http://${host}/calls`, `HTTPS://${host}`])
          assert.match(refusal(url) ?? 'not refused', reason);
      });
    }
  }
  test('is refused with a port as without', () => {
    assert.match(refusal('https://10.0.0.1:8443/a?b=c#d') ?? '', /10\.0\.0\.1/);
    assert.match(refusal('https://[::1]:8443') ?? '', /::1/);
  });

  const taken = [
    'callbacks.example',
    'callbacks.example.',
    'callbacks.example:8443',
    'xn--bcher-kva.example',
    'bücher.example',
    'localhost.example',
    'notlocalhost',
    '10.example',
    '9.255.255.255',
    '11.0.0.0',
    '172.15.255.255',
    '172.32.0.0',
    '203.0.113.10',
    '[2606:4700::1111]',
    '[2001:db8::1]',
    '[fbff::1]',
    'callbacks.example/who@where',
    'callbacks.example/%5c',
    'callbacks.example?to=http://10.0.0.1/',
  ];
  for (const host of taken) {
    test(`is taken: ${host}`, () => assert.equal(refusal(`https://${host}`), undefined));
  }

  test('may name what is allowed: an address, a prefix, a name', () => {
    const lenient = callbackRefusal(['127.0.0.1', '10.1.0.0/16', 'fd00::/8', 'LocalHost']);
    const isTaken = (host: string): boolean => lenient(`http://${host}:8080/calls`) === undefined;
    for (const host of ['127.0.0.1', '2130706433', '10.1.255.255', '[fd00::1]', 'localhost', 'localhost.'])
      assert.ok(isTaken(host), host);
    for (const host of ['127.0.0.2', '10.2.0.0', '[fc00::1]', 'api.localhost', 'me@localhost'])
      assert.ok(!isTaken(host), host);
  });
});

test('each wrong callback URL has an error of its own, and what is not sent has none', () => {
  const url = 'http://10.0.0.1/';
  const good = { callInitiatedCallbackUrl: 'https://callbacks.example/' };
  assert.deepEqual(callbackErrors({ ...good, callStatusCallbackUrl: null }, refusal), []);
  assert.deepEqual(
    callbackErrors({ ...good, callInitiatedFallbackUrl: url, callStatusCallbackUrl: url }, refusal).map(
      ({ field }) => field,
    ),
    ['callInitiatedFallbackUrl', 'callStatusCallbackUrl'],
  );
});
