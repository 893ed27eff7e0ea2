import { setTimeout as delay } from 'node:timers/promises';

import { LOADS } from '../edge/loads.ts';
import type { ReferenceEdge } from '../edge/reference_edge.ts';
import { runLoad, type Outcome } from '../edge/traffic.ts';

/** Good calls a second over UDP. */
const UDP_RATE = 5;
const SECOND_MS = 1000;

/** What became of the good calls, by transport. */
export interface GoodCalls {
  readonly udp: Outcome;
  readonly tcp: Outcome;
}

/** Places good calls for so long: five a second over UDP, one a second over a TCP connection of its own. */
export async function placeGoodCalls(
  reference: ReferenceEdge,
  seconds: number,
  signal: AbortSignal,
): Promise<GoodCalls> {
  const place = (rate: number, length: number, transport: 'udp' | 'tcp'): Promise<Outcome> => {
    const volume = { rate, seconds: length, transport };
    return runLoad(LOADS['authenticated-call'], reference.applications, reference.at, volume, signal);
  };
  const overTcp: Promise<Outcome>[] = [];
  const overUdp = place(UDP_RATE, seconds, 'udp');
  for (let second = 0; second < seconds; second += 1) {
    overTcp.push(place(1, 1, 'tcp'));
    await delay(SECOND_MS, undefined, { signal });
  }
  return { udp: await overUdp, tcp: sumOf(await Promise.all(overTcp), seconds) };
}

function sumOf(outcomes: readonly Outcome[], seconds: number): Outcome {
  const sum = (number: (outcome: Outcome) => number): number =>
    outcomes.reduce((total, outcome) => total + number(outcome), 0);
  const calls = sum((outcome) => outcome.calls);
  return {
    calls,
    failed: sum(({ failed }) => failed),
    retransmitted: sum(({ retransmitted }) => retransmitted),
    rate: calls / seconds,
  };
}
