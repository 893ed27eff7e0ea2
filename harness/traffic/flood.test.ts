import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { HarnessError } from '../verdict.ts';
import { HeldConnections, startDatagrams, strangersRequest, type DatagramFlood } from './flood.ts';

const local = { address: '198.19.64.1', port: 5060 };
const request = { method: 'OPTIONS', uri: 'sip:a@b', id: '1', local } as const;

describe("a stranger's request", () => {
  test('is as long as asked, by its body or by a header', () => {
    for (const padding of ['body', 'header', 'both'] as const) {
      const text = strangersRequest({ ...request, octets: 40_000, padding });
      assert.equal(text.length, 40_000);
      const [head = '', body = ''] = text.split('\r\n\r\n');
      assert.match(head, new RegExp(`\r\nContent-Length: ${body.length}$`));
    }
  });

  test('is no longer than it needs otherwise', () => {
    assert.match(strangersRequest({ ...request, octets: 10 }), /\r\nContent-Length: 0\r\n\r\n$/);
  });
});

describe('a flood', () => {
  const { signal } = new AbortController();
  const flood: DatagramFlood = { aSecond: 10, inAll: 10, strangers: 1, datagram: () => '' };
  const lab = { host: '198.18.67.33', port: 6160 };

  test('is sent inside the lab only', async () => {
    const said = { name: 'HarnessError', message: 'a flood is sent inside the lab only, not to 127.0.0.1' };
    const here = { host: '127.0.0.1', port: 6160 };
    await assert.rejects(startDatagrams(here, flood, signal), said);
    assert.throws(() => HeldConnections.start(here, { ...flood, greeting: () => '' }, signal), said);
    // The lab's addresses without the lab.
    await assert.rejects(startDatagrams(lab, flood, signal), HarnessError);
  });

  test('has its bounds', async () => {
    const said = /^HarnessError: a flood has at most 2000 requests a second and 12000 in all, not/;
    await assert.rejects(startDatagrams(lab, { ...flood, aSecond: 2001 }, signal), said);
    await assert.rejects(startDatagrams(lab, { ...flood, inAll: 12_001 }, signal), said);
  });
});
