import { connect } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

import type { WireMessage } from '../capture/sip_messages.ts';
import { assertSafeToSend } from '../lab/guard.ts';
import type { DeliveryWitnesses } from './delivered.ts';
import { collect, connected } from './stream.ts';

/** Octets that were sent over a TCP connection of their own, and what came of them. */
export interface StreamAttempt {
  /** What it tries, in a few words. */
  readonly name: string;
  /** An octet a character. */
  readonly sent: string;
  /** Why the service accepted no connection; undefined where it did. */
  readonly unconnected?: string;
  /** What came back over the connection. */
  readonly answers: readonly WireMessage[];
  /** Whether the service closed the connection within the patience for an answer. */
  readonly isClosed: boolean;
  /** What the service sent to anybody under the Call-ID of the message that is hidden in it. */
  readonly betrayed: readonly WireMessage[];
}

/** What is written to a connection. */
export interface StreamLetter {
  readonly name: string;
  readonly sent: string;
  /** The Call-ID of the message that is hidden in it. */
  readonly hiddenId: string;
}

/** Where and how it is sent. */
export interface StreamRoute {
  readonly from: string;
  readonly sip: { readonly host: string; readonly port: number };
  readonly patienceMs: number;
  readonly witnesses: DeliveryWitnesses;
}

/** Sends each over a connection of its own, all at a time, and waits until the service has closed each. */
export async function sendOverStreams(
  letters: readonly StreamLetter[],
  route: StreamRoute,
): Promise<readonly StreamAttempt[]> {
  const outcomes = await Promise.all(letters.map((letter) => sendOverStream(letter, route)));
  const { capture } = route.witnesses;
  await capture?.settle();
  return outcomes.map(({ hiddenId, ...outcome }) => {
    const onWire = capture?.messages({ callId: hiddenId }) ?? outcome.answers;
    const betrayed = onWire.filter(
      ({ callId, source }) => callId === hiddenId && source.address === route.sip.host,
    );
    return { ...outcome, betrayed };
  });
}

async function sendOverStream(
  letter: StreamLetter,
  { from, sip, patienceMs }: StreamRoute,
): Promise<Omit<StreamAttempt, 'betrayed'> & StreamLetter> {
  assertSafeToSend(sip.host);
  const socket = connect({ host: sip.host, port: sip.port, localAddress: from, noDelay: true });
  const unconnected = await connected(socket, patienceMs);
  const answers: WireMessage[] = [];
  if (unconnected !== undefined) return { ...letter, unconnected, answers, isClosed: true };
  const over = collect(socket, answers, Infinity).then(() => true);
  socket.write(Buffer.from(letter.sent, 'latin1'));
  const isClosed = await Promise.race([over, delay(patienceMs, false, { ref: false })]);
  socket.destroy();
  return { ...letter, answers, isClosed };
}
