import type { Reflection } from '../traffic/silent_caller.ts';
import { matched, mismatch, type Match } from './match.ts';

const WHERE = 'the requests and what came of them, attached';

/** How many octets may be sent for each that came from somebody unknown. */
const MOST_GAIN = 2;

/** Nothing was sent to another address than the packet's (rule hard.via.reflection). */
export function sourceOnly(all: readonly Reflection[]): Match {
  const astray = all.flatMap(({ name, local, elsewhere = [] }) =>
    elsewhere.map(({ startLine, destination: { address, port } }) => ({
      local,
      told: `"${startLine}" was sent to ${address}:${port} (${name})`,
    })),
  );
  const [first] = astray;
  if (!first) return matched;
  const told = [...new Set(astray.map((one) => one.told))].join('; ');
  return mismatch(`answers go to ${first.local.address} only, where the request came from`, told, WHERE);
}

/** All that was sent for each has at most twice its octets (rule hard.via.reflection). */
export function notAmplified(all: readonly Reflection[]): Match {
  const loud = all.filter(({ sent, octets }) => octets > MOST_GAIN * sent.length);
  if (loud.length === 0) return matched;
  const told = loud.map(({ name, sent, octets }) => `${octets} octets for ${sent.length} (${name})`);
  return mismatch('at most twice the octets that came', told.join('; '), WHERE);
}
