import type { Attempt } from './attempt.ts';
import { written, type NamedLines } from './raw_request.ts';
import type { StreamCaller } from './stream_caller.ts';

/** The places in a message where a reader of a stream has to wait for more. */
const PLACES = {
  'its Content-Length line': /\r\nContent-Length: \d+\r\n/,
  'the end of its header and its body': /\r\n\r\n[^]*$/,
} as const;
export type CutPlace = keyof typeof PLACES;

/** How many octets of the message come before each cut in that place, so that a cut leaves something on both sides. */
export function cutsIn(message: string, place: CutPlace): number[] {
  const found = PLACES[place].exec(message);
  if (!found) return [];
  return Array.from({ length: found[0].length - 1 }, (_, index) => found.index + index + 1);
}

/** What is sent over one connection. */
export interface CutMessages {
  readonly caller: StreamCaller;
  /** Requests that are sent whole, in the segment where the last one begins. */
  readonly whole: readonly NamedLines[];
  readonly last: NamedLines;
  /** How many octets of the last one the first segment has. */
  readonly at: number;
}

function text([, lines]: NamedLines): string {
  return written(lines);
}

/**
 * Sends each in two segments over a connection of its own, and an OPTIONS after it.
 *
 * @param between resolves when the service has had the time to read the first segments
 */
export async function sendCut(
  all: readonly CutMessages[],
  between: () => Promise<unknown>,
): Promise<readonly Attempt[]> {
  for (const { caller, whole, last, at } of all)
    caller.send([...whole.map(text), text(last).slice(0, at)].join(''));
  await between();
  for (const { caller, last, at } of all) caller.send(text(last).slice(at));
  const came = await Promise.all(all.map(({ caller, whole, last }) => caller.cameOf([...whole, last])));
  return came.flat();
}
