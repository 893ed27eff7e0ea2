import assert from 'node:assert/strict';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { after, before, describe, test } from 'node:test';

import { HarnessError } from '../verdict.ts';
import type { Place } from './descriptor.ts';
import { sourceAddressTowards } from './source_address.ts';
import { assertVacant } from './vacancy.ts';

const HERE = '127.0.0.1';
const tcp = createServer();
const udp = createSocket('udp4');
let tcpPort = 0;
let udpPort = 0;

before(async () => {
  tcp.listen(0, HERE);
  udp.bind(0, HERE);
  await Promise.all([once(tcp, 'listening'), once(udp, 'listening')]);
  const address = tcp.address();
  assert.ok(address && typeof address === 'object');
  ({ port: tcpPort } = address);
  ({ port: udpPort } = udp.address());
});
after(() => {
  tcp.close();
  udp.close();
});

interface Ports {
  readonly api?: number;
  readonly sip?: number;
  readonly platform?: number;
}

/** A place whose target is started. Where no ports are given, it has those of the other protocol, which are free. */
function place(
  { api = udpPort, sip = tcpPort, platform = tcpPort }: Ports,
  more: Partial<Place> = {},
): Place {
  const url = `http://127.0.0.1:${api}`;
  return {
    start: { command: ['edge'], environment: {} },
    api: { baseUrl: url, tokenUrl: `${url}/token` },
    sip: { host: HERE, port: sip },
    platform: { host: HERE, port: platform },
    vantagePoints: [],
    ...more,
  };
}

async function refusal(checked: Promise<void>): Promise<string> {
  try {
    await checked;
  } catch (error) {
    assert.ok(error instanceof HarnessError);
    return error.message;
  }
  return 'vacant';
}

describe('assertVacant', () => {
  test('accepts free addresses, and does not keep them', async () => {
    assert.equal(await refusal(assertVacant(place({}), 'loopback')), 'vacant');
    assert.equal(await refusal(assertVacant(place({}), 'loopback')), 'vacant');
  });

  test('names the address, who needs it, and the field it comes from', async () => {
    assert.equal(
      await refusal(assertVacant(place({ api: tcpPort }), 'loopback')),
      `127.0.0.1:${tcpPort} (TCP) is taken: the target is to be started there. Stop the program that has it, or change ` +
        "places.loopback.api.baseUrl in the target's descriptor, and what the target itself is configured with.",
    );
    assert.match(
      await refusal(assertVacant(place({ sip: udpPort }), 'lab')),
      new RegExp(`^127\\.0\\.0\\.1:${udpPort} \\(UDP\\) is taken: the target is .* places\\.lab\\.sip in`),
    );
    assert.match(
      await refusal(assertVacant(place({ platform: udpPort }), 'lab')),
      /\(UDP\) is taken: the voice platform's stand-in is to be started there\. .* places\.lab\.platform in/,
    );
  });

  test('accepts the addresses of a target that already runs', async () => {
    const { start: _, ...running } = place({ api: tcpPort, sip: udpPort });
    assert.equal(await refusal(assertVacant(running, 'remote')), 'vacant');
  });

  test("skips addresses that are not this machine's", async () => {
    const elsewhere = {
      sip: { host: '192.0.2.7', port: udpPort },
      platform: { host: 'no.such.host.invalid', port: 1 },
    };
    assert.equal(await refusal(assertVacant(place({}, elsewhere), 'remote')), 'vacant');
  });
});

describe('sourceAddressTowards', () => {
  test('is loopback towards loopback', async () => {
    assert.equal(await sourceAddressTowards({ host: HERE, port: 6160 }), HERE);
  });

  test('names the host that has no address', async () => {
    await assert.rejects(sourceAddressTowards({ host: 'no.such.host.invalid', port: 6160 }), (error) => {
      assert.ok(error instanceof HarnessError);
      assert.match(
        error.message,
        /^the target's SIP host no\.such\.host\.invalid cannot be reached from here: .* Mend sip\.host/,
      );
      return true;
    });
  });
});
