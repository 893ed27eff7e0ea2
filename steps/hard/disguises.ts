import type { RawLines } from '../../harness/traffic/raw_request.ts';
import { HarnessError } from '../../harness/verdict.ts';
import type { ConformanceWorld } from '../world.ts';

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
  'a Route of an unknown scheme': () => ['Route: <unheard-of:somebody>'],
  'a Route that is none': () => ['Route: <sip:'],
  'a Route over the service to a third party': (world) => [
    `Route: <sip:${service(world)};lr>`,
    `Route: <sip:${THIRD_PARTY};lr>`,
  ],
  'a Route to the service and a third party in one line': (world) => [
    `Route: <sip:${service(world)};lr>, <sip:${THIRD_PARTY};lr>`,
  ],
  'a Route to third parties in one line': () => [`Route: <sip:nobody.example;lr>, <sip:${THIRD_PARTY};lr>`],
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

/** The lines of Route of that name. */
export function routes(world: ConformanceWorld, name: string): readonly string[] {
  const make = ROUTES[name];
  if (!make) throw new HarnessError(`no Route is called "${name}"`);
  return make(world);
}

/** The INVITE with its To changed as the feature says. */
export function disguised(lines: RawLines, how: string): RawLines {
  const [, which, code] = /^a (first|second) To with 0x([0-9a-f]{2}) before its colon$/.exec(how) ?? [];
  if (how === 'no To tag') return lines;
  if (code === undefined) return { ...lines, to: `${lines.to};tag=invented` };
  const hidden = `${lines.to.replace(':', `${String.fromCodePoint(Number.parseInt(code, 16))}:`)};tag=hidden`;
  return { ...lines, to: (which === 'first' ? [hidden, lines.to] : [lines.to, hidden]).join('\r\n') };
}
