import { drawLadder, type LadderMessage } from 'sipp-ts-wrapper';

import type { Endpoint } from '../capture/endpoint.ts';
import type { Call } from '../traffic/call.ts';
import { inOrder, ladderMessage } from './evidence.ts';
import type { RunFacts } from './facts.ts';
import type { PreparedCall } from './single_call.ts';

/** Says who calls whom, before the call is placed. */
export function callHeading(
  { from, user }: PreparedCall['request'],
  application: PreparedCall['application'],
  { descriptor, place }: RunFacts,
): string {
  const point = place.vantagePoints.find(({ address }) => address === from);
  const { host, port } = place.sip;
  return [
    `  caller       ${from}${point ? ` (${point.name})` : ''}`,
    `  called       sip:${user}@${descriptor.realm} at ${host}:${port} (${descriptor.name})`,
    `  application  ${application}`,
    '',
  ].join('\n');
}

/** The call as a person at a terminal reads it: a ladder of caller, target and voice platform, and the verdict. */
export function callReport(call: Call, { descriptor, place, witnesses }: RunFacts, width: number): string {
  const caller = text(call.sipp.local);
  const { voicePlatform } = witnesses.present;
  const delivery = voicePlatform && text(voicePlatform.endpoint);
  const target = `${descriptor.name} ${place.sip.host}`;
  // Each message has one end at the caller or at the voice platform. The other is the target, whichever socket it used.
  const party = (end: string): string => {
    if (end === caller) return `caller ${caller}`;
    return end === delivery ? `voice platform ${delivery}` : target;
  };
  const messages = inOrder(call).map((message): LadderMessage => {
    const { from, to, ...rest } = ladderMessage(message);
    return { ...rest, from: party(from), to: party(to) };
  });
  const undelivered = voicePlatform && (call.delivered ?? []).length === 0;
  const uncaptured = witnesses.absent.capture;
  const { retransmissions, durationMs, outcome, reason } = call.sipp;
  return [
    drawLadder(messages, { columns: [party(caller), target], width }),
    ...(undelivered ? ['Nothing was delivered to the voice platform.'] : []),
    `${outcome.toUpperCase()}: ${reason}; ${retransmissions} retransmissions, ${durationMs.toFixed(0)} ms`,
    ...(uncaptured === undefined ? [] : [`One witness: ${uncaptured}.`]),
  ].join('\n');
}

function text({ address, port }: Endpoint): string {
  return `${address}:${port}`;
}
