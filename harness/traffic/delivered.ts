import { setTimeout as delay } from 'node:timers/promises';

import type { TracedMessage } from 'sipp-ts-wrapper';

import type { Endpoint } from '../capture/endpoint.ts';
import { reconcile } from '../capture/reconcile.ts';
import type { WireMessage } from '../capture/sip_messages.ts';
import { HarnessError } from '../verdict.ts';
import type { OpenedWitnesses } from '../witnesses/index.ts';
import { messagesTraced } from './trace.ts';

const TRACE_PATIENCE_MS = 2_000;
const TRACE_POLL_MS = 5;

/** The witnesses of what is delivered. */
export type DeliveryWitnesses = Pick<OpenedWitnesses, 'capture' | 'voicePlatform'>;

/**
 * What went to and from the voice platform under these Call-IDs; undefined where no stand-in of ours is there. Throws a
 * HarnessError where the stand-in and the capture disagree.
 */
export async function deliveredOf(
  callIds: readonly string[],
  { voicePlatform, capture }: DeliveryWitnesses,
  service: Endpoint,
): Promise<readonly WireMessage[] | undefined> {
  if (!voicePlatform) return undefined;
  const { endpoint } = voicePlatform;
  const traced = (): TracedMessage[] => callIds.flatMap((callId) => voicePlatform.messages(callId));
  if (!capture) return messagesTraced(traced(), endpoint, service);
  const deadline = performance.now() + TRACE_PATIENCE_MS;
  for (;;) {
    const trace = traced();
    const wire = capture.messages({ callId: callIds, at: endpoint });
    if (trace.length === wire.length || performance.now() > deadline)
      return agreed(trace, wire, endpoint, 'the voice platform');
    // The stand-in traces a message a moment after it was on the wire; the capture reports it later still.
    await (trace.length > wire.length ? capture.settle() : delay(TRACE_POLL_MS));
  }
}

/** The messages that both witnesses have. Throws a HarnessError where they disagree. */
export function agreed(
  trace: readonly TracedMessage[],
  wire: readonly WireMessage[],
  local: Endpoint,
  who: string,
): readonly WireMessage[] {
  const outcome = reconcile(trace, wire, local);
  if (outcome.disagreement === undefined) return outcome.agreed;
  throw new HarnessError(`the two witnesses disagree on ${who}'s messages: ${outcome.disagreement}`);
}
