import { Then, When, type DataTable } from '@cucumber/cucumber';

import type { WireMessage } from '../../harness/capture/sip_messages.ts';
import { noLoop, refusedAsLoop, type SentBack } from '../../harness/expect/loops.ts';
import { must, ofEach } from '../../harness/expect/match.ts';
import { CalledSide } from '../../harness/traffic/called_side.ts';
import { listedValues } from '../../harness/traffic/listed_values.ts';
import { linesOf, written, type RawLines } from '../../harness/traffic/raw_request.ts';
import { HarnessError } from '../../harness/verdict.ts';
import { callOf } from '../hard/calls.ts';
import type { ConformanceWorld } from '../world.ts';

const FAR = '<sip:far.example;lr>';

/** Header lines of the INVITE that goes back, by the name a feature gives them. */
const WAYS: Readonly<
  Record<string, (vias: readonly string[], service: string) => { via?: string; routes?: string }>
> = {
  'its Vias in one line': (vias) => ({ via: `Via: ${vias.join(', ')}` }),
  'its Vias in lines of their own': () => ({}),
  'its Vias in one line, by their short name': (vias) => ({ via: `v:${vias.join(',')}` }),
  'a Route that names the service': (_vias, service) => ({ routes: `Route: ${service}` }),
  'a Route that leads on': () => ({ routes: `Route: ${FAR}` }),
  'a Route that leads over the service, in lines': (_vias, service) => ({
    routes: linesWith('Route', [service, FAR]),
  }),
  'a Route that leads over the service': (_vias, service) => ({ routes: `Route: ${service}, ${FAR}` }),
};

const sentBack = new WeakMap<ConformanceWorld, readonly SentBack[]>();

function linesWith(name: string, values: readonly string[]): string {
  return values.map((value) => `${name}: ${value}`).join('\r\n');
}

/** The INVITE as the voice platform got it, as a proxy of its own sends it on. */
function onward(invite: WireMessage, proxy: CalledSide, world: ConformanceWorld, way: string): RawLines {
  const { host, port } = world.parameters.place.sip;
  const [method = '', uri = ''] = invite.startLine.split(' ');
  const fresh = linesOf({ method, uri, to: '' }, proxy.local, world.randomness);
  const vias = [fresh.via.replace('Via: ', ''), ...listedValues(invite.all('Via'))];
  const form = WAYS[way]?.(vias, `<sip:${host}:${port};lr>`);
  if (!form) throw new HarnessError(`no way to send an INVITE back is called "${way}"`);
  const others = invite.headers.filter(
    ([name]) => !/^(?:via|from|to|call-id|cseq|max-forwards|content-length)$/i.test(name),
  );
  return {
    ...fresh,
    via: form.via ?? linesWith('Via', vias),
    from: `From: ${invite.header('From')}`,
    to: `To: ${invite.header('To')}`,
    callId: `Call-ID: ${invite.callId}`,
    cseq: `CSeq: ${invite.header('CSeq')}`,
    others: [
      ...others.map(([name, value]) => `${name}: ${value}`),
      'Max-Forwards: 20',
      ...(form.routes === undefined ? [] : [form.routes]),
    ],
    contentLength: `Content-Length: ${invite.body.length}`,
    body: invite.body,
  };
}

/** Rule: sip.loop. */
When(
  'the called side sends the INVITE of that call back, with',
  async function (this: ConformanceWorld, table: DataTable) {
    const { platform, sip } = this.parameters.place;
    const { delivered = [] } = await callOf(this).passedOn();
    const invite = delivered.find(({ method }) => method === 'INVITE');
    if (!platform || !invite) throw new HarnessError('no INVITE came where calls are delivered');
    const service = { address: sip.host, port: sip.port };
    const all = table.raw().map(async ([way = '']): Promise<SentBack> => {
      const proxy = await CalledSide.open(platform.host, this.parameters.descriptor.timeouts.answer.ms);
      this.ending.addEventListener('abort', () => proxy.close());
      const lines = onward(invite, proxy, this, way);
      proxy.send(written(lines), service);
      const answer = await proxy.until(({ status = 0 }) => status >= 200);
      if (!answer) return { name: way, answer };
      const ack = {
        ...lines,
        method: 'ACK',
        cseq: lines.cseq.replace('INVITE', 'ACK'),
        others: [],
        body: '',
      };
      const to = `To: ${answer.header('To')}`;
      proxy.send(written({ ...ack, to, contentLength: 'Content-Length: 0' }), service);
      return { name: way, answer };
    });
    sentBack.set(this, await Promise.all(all));
  },
);

Then('each is refused as a loop', function (this: ConformanceWorld) {
  must(ofEach(sentBack.get(this) ?? [], refusedAsLoop));
});

Then('none is taken for a loop', function (this: ConformanceWorld) {
  must(ofEach(sentBack.get(this) ?? [], noLoop));
});
