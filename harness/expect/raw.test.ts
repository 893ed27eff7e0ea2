import { describe, test } from 'node:test';

import { assertFits, assertMisfit } from '../testing/asserted_match.ts';
import { received } from '../testing/built_call.ts';
import { streamKeptAlive } from './raw.ts';

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
