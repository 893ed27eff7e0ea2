import { When, type DataTable } from '@cucumber/cucumber';

import type { RawCaller } from '../../harness/traffic/raw_caller.ts';
import type { RawLines } from '../../harness/traffic/raw_request.ts';
import { HarnessError } from '../../harness/verdict.ts';
import type { ConformanceWorld } from '../world.ts';
import { inviteLines, uriOf } from './knock.ts';

/** What a method needs to be well-formed. */
const NEEDED: Readonly<Record<string, readonly string[]>> = {
  SUBSCRIBE: ['Event: presence', 'Expires: 600'],
  NOTIFY: ['Event: presence', 'Subscription-State: active'],
  PUBLISH: ['Event: presence', 'Expires: 600'],
  REFER: ['Refer-To: <sip:somebody@elsewhere.example>'],
  PRACK: ['RAck: 1 1 INVITE'],
};

/** A third party that no lab address plan and no feature names: whatever is sent there is seen. */
const THIRD_PARTY = '203.0.113.77:5099';

/** The lines of Route that a request may bring, by the name a feature gives them. */
const ROUTES: Readonly<Record<string, (world: ConformanceWorld) => readonly string[]>> = {
  'no Route': () => [],
  'a Route to the service': (world) => [`Route: <sip:${service(world)};lr>`],
  'a Route to the service with a token': (world) => [
    `Route: <sip:${world.randomness.hex(24)}@${service(world)};lr>`,
  ],
  'a Route to the voice platform': (world) => [`Route: <sip:${platform(world)};lr>`],
  'a Route to a third party': () => [`Route: <sip:${THIRD_PARTY};lr>`],
  'a Route over the service to a third party': (world) => [
    `Route: <sip:${service(world)};lr>`,
    `Route: <sip:${THIRD_PARTY};lr>`,
  ],
};

function service({ parameters }: ConformanceWorld): string {
  const { host, port } = parameters.place.sip;
  return `${host}:${port}`;
}

/** Where nobody of ours stands, the service itself takes its place: nothing is known of the real one. */
function platform(world: ConformanceWorld): string {
  const { platform: known } = world.parameters.place;
  return known ? `${known.host}:${known.port}` : service(world);
}

function routes(world: ConformanceWorld, name: string): readonly string[] {
  const make = ROUTES[name];
  if (!make) throw new HarnessError(`no Route is called "${name}"`);
  return make(world);
}

const DIALOGS: Readonly<Record<string, readonly [tag: string, route: string]>> = {
  'outside any dialog': ['', 'no Route'],
  'with an invented To tag': [';tag=invented', 'no Route'],
  'with an invented To tag and Route': [';tag=invented', 'a Route to the service with a token'],
};

/** Rule: hard.methods.unauthenticated. */
When(
  /^requests of these methods come without credentials, (outside any dialog|with an invented To tag(?: and Route)?)$/,
  async function (this: ConformanceWorld, how: string, table: DataTable) {
    const caller = await this.rawCaller();
    const [tag = '', route = ''] = DIALOGS[how] ?? [];
    const uri = uriOf(this);
    const requests = table
      .raw()
      .flat()
      .map((method) => {
        const others = ['Subject: reject', ...routes(this, route), ...(NEEDED[method] ?? [])];
        return [method, caller.lines({ method, uri, to: `<${uri}>${tag}`, others })] as const;
      });
    await this.attempt(caller, Object.fromEntries(requests));
  },
);

/** The INVITE with its To changed as the feature says. */
function disguised(world: ConformanceWorld, caller: RawCaller, how: string): RawLines {
  const lines = inviteLines(world, caller);
  const [, which, code] = /^a (first|second) To with 0x([0-9a-f]{2}) before its colon$/.exec(how) ?? [];
  if (how === 'no To tag') return lines;
  if (code === undefined) return { ...lines, to: `${lines.to};tag=invented` };
  const hidden = `${lines.to.replace(':', `${String.fromCodePoint(Number.parseInt(code, 16))}:`)};tag=hidden`;
  return { ...lines, to: (which === 'first' ? [hidden, lines.to] : [lines.to, hidden]).join('\r\n') };
}

/** Rule: hard.dialog.invented-tag. */
When('INVITEs come without credentials, with', async function (this: ConformanceWorld, table: DataTable) {
  const caller = await this.rawCaller();
  const invites = table.rows().map(([to = '', route = '']) => {
    const lines = disguised(this, caller, to);
    return [`${to}, ${route}`, { ...lines, others: [...lines.others, ...routes(this, route)] }] as const;
  });
  await this.attempt(caller, Object.fromEntries(invites));
});
