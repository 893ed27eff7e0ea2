import { Then, When, type DataTable } from '@cucumber/cucumber';

import type { WireMessage } from '../../harness/capture/sip_messages.ts';
import { must, ofEach } from '../../harness/expect/match.ts';
import {
  passedOnOrRefused,
  recordedAsBefore,
  routeLeft,
  type Asked,
  type Recorded,
  type Routed,
} from '../../harness/expect/routes.ts';
import { listedValues } from '../../harness/traffic/listed_values.ts';
import { responseTo } from '../../harness/traffic/raw_call.ts';
import type { RawLines } from '../../harness/traffic/raw_request.ts';
import { HarnessError } from '../../harness/verdict.ts';
import { callOf } from '../hard/calls.ts';
import { routes } from '../hard/disguises.ts';
import type { ConformanceWorld } from '../world.ts';
import { toldCallOf } from './told_call.ts';

const routed = new WeakMap<ConformanceWorld, readonly Routed[]>();
const recorded = new WeakMap<ConformanceWorld, readonly Recorded[]>();
const asked = new WeakMap<ConformanceWorld, readonly Asked[]>();

const PROXIES = ['<sip:far.platform.example;lr>', '<sip:middle.platform.example;lr>'] as const;

/** The Record-Route lines with others around those of the service, as a feature names them. */
const RECORDINGS: Readonly<Record<string, (own: readonly string[]) => readonly string[]>> = {
  alone: (own) => own,
  'before others in one line': (own) => [[...own, ...PROXIES].join(', ')],
  'between others in one line': (own) => [[PROXIES[0], ...own, PROXIES[1]].join(', ')],
  'behind others in one line': (own) => [[...PROXIES, ...own].join(', ')],
  'behind one of another scheme': (own) => [['<unheard-of:far.example;lr>', ...own].join(', ')],
  'between others in lines': (own) => [PROXIES[0], ...own, PROXIES[1]],
};

function withoutRoute(lines: RawLines): RawLines {
  return { ...lines, others: lines.others.filter((line) => !line.startsWith('Route:')) };
}

function namesFilled({ parameters }: ConformanceWorld, text: string): string {
  const { place, descriptor } = parameters;
  const { host, port } = place.sip;
  return text
    .replaceAll('{service}', `${host}:${port}`)
    .replaceAll('{other port}', `${host}:${port + 1000}`)
    .replaceAll('{port}', String(port))
    .replaceAll('{domain}', descriptor.realm)
    .replaceAll('{domain in capitals}', descriptor.realm.toUpperCase());
}

/** Rule: sip.route.own. */
When(
  'the caller sends INFO of that call, with Route, of which this is left',
  async function (this: ConformanceWorld, table: DataTable) {
    const told = toldCallOf(this);
    const all: Routed[] = [];
    for (const [route = '', left = ''] of table.raw()) {
      const lines = withoutRoute(told.call.lines('INFO'));
      const line = `Route: ${namesFilled(this, route)}`;
      const came = await told.passed({ ...lines, others: [...lines.others, line] });
      if (came) told.called.send(responseTo(came, '200 OK', []), came.source);
      await told.answer(lines, 200);
      all.push({ name: route, left: namesFilled(this, left), came });
    }
    routed.set(this, all);
  },
);

Then('each that arrives has what is left', function (this: ConformanceWorld) {
  must(ofEach(routed.get(this) ?? [], routeLeft));
});

/** Rule: sip.dialog.in-route. */
When(
  'the caller changes the session, and the called side answers with the Record-Route of the service',
  async function (this: ConformanceWorld, table: DataTable) {
    const told = toldCallOf(this);
    const contact = `Contact: <${told.call.dialog.target}>`;
    const all: Recorded[] = [];
    for (const [name = ''] of table.raw()) {
      const lines = told.reinvite();
      const invite = await told.ask(lines);
      const own = listedValues(invite.all('Record-Route'));
      const sent = RECORDINGS[name]?.(own);
      if (!sent) throw new HarnessError(`no Record-Route is "${name}"`);
      const recording = sent.map((value) => `Record-Route: ${value}`);
      told.called.send(responseTo(invite, '200 OK', [...recording, contact]), invite.source);
      const answer = await told.answer(lines, 200);
      told.call.acknowledge();
      all.push({ name, own, sent: listedValues(sent), before: told.call.dialog.routes, answer });
    }
    recorded.set(this, all);
  },
);

Then(
  'the caller gets each with the same others, and with the service where it was',
  function (this: ConformanceWorld) {
    must(ofEach(recorded.get(this) ?? [], recordedAsBefore));
  },
);

/** Rule: sip.route.strict. */
When(
  "the caller sends INFO of that call to the service's own URI in its route, with",
  async function (this: ConformanceWorld, table: DataTable) {
    const call = callOf(this);
    const uri = /<([^>]*)>/.exec(call.dialog.routes[0] ?? '')?.[1] ?? call.dialog.target;
    const all: Asked[] = [];
    for (const [name = ''] of table.raw()) {
      const lines = withoutRoute(call.lines('INFO'));
      const others = [...lines.others, ...routes(this, name)];
      const answer: WireMessage | undefined = await call.answerTo({ ...lines, uri, others });
      all.push({ name, answer });
    }
    asked.set(this, all);
  },
);

Then('each of these is passed on or refused', function (this: ConformanceWorld) {
  must(ofEach(asked.get(this) ?? [], passedOnOrRefused));
});
