import { Then, When, type DataTable } from '@cucumber/cucumber';

import { must, ofEach } from '../../harness/expect/match.ts';
import { brokenOff, nothingBetrayed } from '../../harness/expect/streams.ts';
import { linesOf, written } from '../../harness/traffic/raw_request.ts';
import type { StreamLetter } from '../../harness/traffic/raw_stream.ts';
import type { ConformanceWorld } from '../world.ts';
import { octetsIn, uriOf } from './knock.ts';

const FILLER = 'a';

/** An OPTIONS with that line for its length, and an INVITE so many octets behind its header. */
function letter(world: ConformanceWorld, line: string, octets: number): StreamLetter {
  const { randomness, parameters } = world;
  const local = { address: parameters.defaultAddress, port: 5060 };
  const { host, port } = parameters.place.sip;
  const service = `sip:${host}:${port}`;
  const uri = uriOf(world);
  const invite = { method: 'INVITE', uri, to: `<${uri}>`, transport: 'TCP' } as const;
  const hidden = linesOf(invite, local, randomness);
  const options = { method: 'OPTIONS', uri: service, to: `<${service}>`, transport: 'TCP' } as const;
  const sent = written({
    ...linesOf(options, local, randomness),
    contentLength: octetsIn(line),
    body: FILLER.repeat(octets) + written(hidden),
  });
  return { name: `${line}, ${octets} octets`, sent, hiddenId: hidden.callIds[0] ?? '' };
}

/** Rule: hard.tcp.content-length. */
When(
  'OPTIONS go over TCP with these lines, each with an INVITE hidden so many octets behind its header',
  async function (this: ConformanceWorld, table: DataTable) {
    const rows = table.hashes();
    await this.sendOverStreams(rows.map(({ line = '', octets }) => letter(this, line, Number(octets))));
  },
);

Then('each connection ends with a refusal or without an answer', function (this: ConformanceWorld) {
  must(ofEach(this.streams, brokenOff));
});

Then('nothing comes of a hidden message', function (this: ConformanceWorld) {
  must(ofEach(this.streams, nothingBetrayed));
});
