import { describe, test } from 'node:test';

import type { WireMessage } from '../capture/sip_messages.ts';
import { assertFits, assertMisfit } from '../testing/asserted_match.ts';
import { received } from '../testing/built_call.ts';
import type { Match } from './match.ts';
import { aliveAfterwards, streamKeptAlive, unsupportedNamed } from './raw.ts';

const WISH = '2 answers, each 200 Keepalive';
const one = received('SIP/2.0 200 Keepalive', 'Call-ID: a@caller.example');
const other = received('SIP/2.0 200 Keepalive', 'Call-ID: b@caller.example');

describe('streamKeptAlive', () => {
  test('fits where each request has its own answer', () => {
    assertFits(streamKeptAlive({ answers: [one, other] }, 2, 'Keepalive'));
  });

  test('reports an answer that is missing, and one that came twice', () => {
    for (const answers of [[one], [one, one]])
      assertMisfit(streamKeptAlive({ answers }, 2, 'Keepalive'), {
        acceptable: WISH,
        actual: /^SIP\/2\.0 200 Keepalive/,
      });
  });

  test('reports a connection that was not accepted', () => {
    assertMisfit(streamKeptAlive({ unconnected: 'connection refused', answers: [] }, 2, 'Keepalive'), {
      acceptable: WISH,
      actual: 'no TCP connection: connection refused',
      where: 'the TCP port of the service',
    });
  });
});

function after(afterwards: WireMessage | undefined): Match {
  return aliveAfterwards({ sent: '', answers: [], afterwards });
}

describe('aliveAfterwards', () => {
  test('takes any answer that tells of no trouble', () => {
    for (const line of [
      '200 Keepalive',
      '200 OK',
      '405 Method Not Allowed',
      '407 Who?',
      '501 Not Implemented',
    ])
      assertFits(after(received(`SIP/2.0 ${line}`, 'Call-ID: a')));
  });

  test('finds silence and trouble', () => {
    const acceptable = 'an answer to an OPTIONS right after it, and none of trouble (5xx but 501)';
    assertMisfit(after(undefined), { acceptable, actual: 'no answer' });
    assertMisfit(after(received('SIP/2.0 503 Busy', 'Call-ID: a')), { acceptable, actual: '503' });
  });
});

describe('unsupportedNamed', () => {
  const sent = 'OPTIONS sip:a@b SIP/2.0\r\nRequire: one, two\r\nProxy-Require: three\r\n\r\n';
  const refusedFor = (...headers: readonly string[]): Match =>
    unsupportedNamed({ sent, answers: [received('SIP/2.0 420 Bad Extension', ...headers)], afterwards: one });

  test('wants what was required of one role, whole', () => {
    assertFits(refusedFor('Unsupported: two', 'Unsupported: one'));
    assertFits(refusedFor('Unsupported: three'));
    for (const headers of [[], ['Unsupported: one'], ['Unsupported: other']])
      assertMisfit(refusedFor(...headers), {
        acceptable: ['Unsupported: one, two', 'Unsupported: three'],
        actual: /^Unsupported: /,
        where: 'the 420 to the message, attached',
      });
  });

  test('says nothing of another answer', () => {
    assertFits(unsupportedNamed({ sent, answers: [one], afterwards: one }));
  });
});
