import { Then, When, type DataTable } from '@cucumber/cucumber';

import type { Endpoint } from '../../harness/capture/endpoint.ts';
import { must } from '../../harness/expect/match.ts';
import { notAmplified, sourceOnly } from '../../harness/expect/reflections.ts';
import { linesOf, written, type RawLines } from '../../harness/traffic/raw_request.ts';
import type { Reflection, SilentRequest } from '../../harness/traffic/silent_caller.ts';
import { HarnessError } from '../../harness/verdict.ts';
import type { ConformanceWorld } from '../world.ts';
import { uriOf } from './knock.ts';

const seen = new WeakMap<ConformanceWorld, readonly Reflection[]>();

/** Long enough for the first repetition (RFC 3261 section 17.2.1: 500 ms). */
const A_SECOND_MS = 1_000;
/** RFC 3261 section 17.2: no transaction lasts longer than 64·T1 after its answer; and a second more. */
const TRANSACTION_MS = 33_000;

async function send(
  world: ConformanceWorld,
  requests: readonly SilentRequest[],
  durationMs: number,
): Promise<void> {
  const all = await world.bench.reflections(requests, durationMs, world.randomness);
  seen.set(world, all);
  const told = all.map(({ name, sent, octets }) => `${name}\n${octets} octets for\n${sent.slice(0, 1_500)}`);
  world.attach(told.join('\n\n\n'), { mediaType: 'text/plain', fileName: 'requests.txt' });
}

function reflectionsOf(world: ConformanceWorld): readonly Reflection[] {
  const all = seen.get(world);
  if (!all) throw new HarnessError('nothing was sent in silence');
  return all;
}

/** A third party that no lab address plan and no feature names: whatever is sent there is seen. */
const THIRD = '203.0.113.78';

/** The value of a Via that points elsewhere, without its branch. */
const VIAS: Readonly<Record<string, (local: string, world: ConformanceWorld) => string>> = {
  "a third party's sent-by": () => `UDP ${THIRD}:5099`,
  "a third party's sent-by, and rport": () => `UDP ${THIRD}:5099;rport`,
  "a third party's sent-by without a port": () => `UDP ${THIRD}`,
  "a third party's sent-by over TCP": () => `TCP ${THIRD}:5099`,
  "a third party's received": (local) => `UDP ${local};received=${THIRD}`,
  "a third party's received, and rport": (local) => `UDP ${local};received=${THIRD};rport`,
  "a third party's received, and a port in rport": (local) => `UDP ${local};received=${THIRD};rport=5099`,
  "a third party's maddr": (local) => `UDP ${local};maddr=${THIRD}`,
  "a third party's maddr, and rport": (local) => `UDP ${local};maddr=${THIRD};rport`,
  "a third party's maddr and ttl": (local) => `UDP ${local};maddr=${THIRD};ttl=16`,
  'another port in rport': (local) => `UDP ${local};rport=5099`,
  'all of these': () => `UDP ${THIRD}:5099;received=${THIRD};maddr=${THIRD};rport=5099`,
  "the service's own sent-by": (_local, { parameters: { place } }) =>
    `UDP ${place.sip.host}:${place.sip.port}`,
  "the voice platform's sent-by": (_local, { parameters: { place } }) =>
    `UDP ${(place.platform ?? place.sip).host}:${(place.platform ?? place.sip).port}`,
};

/** Rule: hard.via.reflection. */
When(
  /^INVITE, OPTIONS, BYE, MESSAGE and a malformed REGISTER come without credentials, with these in Via$/,
  async function (this: ConformanceWorld, table: DataTable) {
    const uri = uriOf(this);
    const requests = table
      .raw()
      .flat()
      .flatMap((name) =>
        ['INVITE', 'OPTIONS', 'BYE', 'MESSAGE', 'REGISTER'].map((method): SilentRequest => {
          const write = (local: Endpoint) => {
            const via = VIAS[name]?.(`${local.address}:${local.port}`, this);
            if (via === undefined) throw new HarnessError(`no Via is called "${name}"`);
            const lines = linesOf({ method, uri, to: `<${uri}>` }, local, this.randomness);
            const branch = `branch=z9hG4bK${this.randomness.hex(12)}`;
            const cseq = method === 'REGISTER' ? 'CSeq: 1 INVITE' : lines.cseq;
            const text = written({ ...lines, via: `Via: SIP/2.0/${via};${branch}`, cseq });
            return { text, callId: lines.callIds[0] ?? '' };
          };
          return { name: `${method} with ${name}`, write };
        }),
      );
    await send(this, requests, A_SECOND_MS);
  },
);

type Write = (ordinary: (method: string) => RawLines, local: string, branch: string) => string;

/** As short as a request can be that somebody answers. */
function minimal(method: string): Write {
  return (_ordinary, local, branch) =>
    [
      `${method} sip:a SIP/2.0`,
      `v:SIP/2.0/UDP ${local};branch=${branch};rport`,
      'f:sip:a;tag=1',
      't:sip:a',
      `i:${branch}`,
      `CSeq:1 ${method}`,
      '',
      '',
    ].join('\r\n');
}

function ordinary(method: string, change: (lines: RawLines) => Partial<RawLines> = () => ({})): Write {
  return (make) => {
    const lines = make(method);
    return written({ ...lines, ...change(lines) });
  };
}

const CREDENTIALS =
  'Proxy-Authorization: Digest username="a", realm="elsewhere.example", nonce="a", uri="sip:a", response="a"';

/** Requests of strangers, by the names a feature gives them. */
const REQUESTS: Readonly<Record<string, Write>> = {
  'a minimal INVITE': minimal('INVITE'),
  'a minimal OPTIONS': minimal('OPTIONS'),
  'a minimal BYE': minimal('BYE'),
  'a minimal REGISTER': minimal('REGISTER'),
  'an ordinary INVITE': ordinary('INVITE'),
  'an INVITE with credentials for another realm': ordinary('INVITE', ({ others }) => ({
    others: [...others, CREDENTIALS],
  })),
  'an INVITE to nobody': ordinary('INVITE', ({ uri, to }) => ({
    uri: uri.replace(/:.*@/, ':nobody@'),
    to: to.replace(/:[^:]*@/, ':nobody@'),
  })),
  'an INVITE with an invented To tag': ordinary('INVITE', ({ to }) => ({ to: `${to};tag=invented` })),
  'an INVITE with Max-Forwards 0': ordinary('INVITE', ({ others }) => ({
    others: others.map((line) => line.replace(/^Max-Forwards: .*/, 'Max-Forwards: 0')),
  })),
  'an INVITE that requires a lot': ordinary('INVITE', ({ others }) => ({
    others: [...others, `Proxy-Require: ${'a,'.repeat(99)}a`],
  })),
  'an ordinary OPTIONS': ordinary('OPTIONS'),
  'an ordinary BYE': ordinary('BYE'),
  'an ordinary REGISTER': ordinary('REGISTER'),
  'an ordinary MESSAGE': ordinary('MESSAGE'),
  'a CANCEL of nothing': ordinary('CANCEL'),
  'a method that nobody knows': ordinary('UNHEARDOF'),
  'a malformed start line': (_make, local, branch) =>
    `X\r\nVia: SIP/2.0/UDP ${local};branch=${branch};rport\r\n\r\n`,
  'a malformed header': ordinary('INVITE', () => ({ cseq: 'CSeq: many INVITE' })),
  'an unknown version': ordinary('INVITE', () => ({ version: 'SIP/7.0' })),
  'no end of the header': (make) => written(make('INVITE')).slice(0, -2),
  'a header of 60,000 octets': ordinary('INVITE', ({ others }) => ({
    others: [...others, `Unknown: ${'a'.repeat(60_000)}`],
  })),
};

const DURATIONS: Readonly<Record<string, number>> = {
  'for a second': A_SECOND_MS,
  'until all transactions are over': TRANSACTION_MS,
};

When(
  /^these come without credentials, and nothing is acknowledged (for a second|until all transactions are over)$/,
  async function (this: ConformanceWorld, how: string, table: DataTable) {
    const uri = uriOf(this);
    const requests = table
      .raw()
      .flat()
      .map((name): SilentRequest => {
        const text = REQUESTS[name];
        if (!text) throw new HarnessError(`no request is called "${name}"`);
        const write = (local: Endpoint) => {
          const make = (method: string): RawLines =>
            linesOf({ method, uri, to: `<${uri}>` }, local, this.randomness);
          const branch = `z9hG4bK${this.randomness.hex(12)}`;
          return { text: text(make, `${local.address}:${local.port}`, branch) };
        };
        return { name, write };
      });
    await send(this, requests, DURATIONS[how] ?? A_SECOND_MS);
  },
);

Then("nothing is sent to another address than the packet's", function (this: ConformanceWorld) {
  must(sourceOnly(reflectionsOf(this)));
});

Then('all that came of each has at most twice its octets', function (this: ConformanceWorld) {
  must(notAmplified(reflectionsOf(this)));
});
