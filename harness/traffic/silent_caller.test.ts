import assert from 'node:assert/strict';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { after, before, describe, test } from 'node:test';

import { reflections } from './silent_caller.ts';

const HERE = '127.0.0.1';

describe('reflections', () => {
  const service = createSocket('udp4');
  const heard: string[] = [];

  before(async () => {
    service.on('message', (packet, { address, port }) => {
      const text = packet.toString('latin1');
      heard.push(text);
      for (let times = Number(text.at(0)); times > 0; times--) service.send('four', port, address);
    });
    service.bind(0, HERE);
    await once(service, 'listening');
  });
  after(() => service.close());

  test('counts all that comes for each request, and says nothing more', async () => {
    const sip = { host: HERE, port: service.address().port };
    const requests = ['3 times', '0 times'].map((name) => ({ name, write: () => ({ text: name }) }));
    const all = await reflections(requests, HERE, { sip, witnesses: {} }, 1_000);
    assert.deepEqual(
      all.map(({ name, sent, octets, elsewhere }) => [name, sent, octets, elsewhere]),
      [
        ['3 times', '3 times', 12, undefined],
        ['0 times', '0 times', 0, undefined],
      ],
    );
    assert.deepEqual(heard.toSorted(), ['0 times', '3 times']);
  });
});
