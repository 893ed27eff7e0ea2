import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';

import type { Endpoint } from '../capture/endpoint.ts';
import type { WireMessage } from '../capture/sip_messages.ts';
import { assertSafeToSend } from '../lab/guard.ts';
import { HarnessError } from '../verdict.ts';
import type { DeliveryWitnesses } from './delivered.ts';
import type { RawCallerParts } from './raw_caller.ts';

/** One datagram that was sent, and all that the service sent because of it. */
export interface Reflection {
  /** What it tries, in a few words. */
  readonly name: string;
  /** An octet a character. */
  readonly sent: string;
  readonly local: Endpoint;
  /** Octets that came back to the socket, repetitions included. */
  readonly octets: number;
  /** What the service sent to other addresses under its Call-ID; undefined where the wire cannot be seen. */
  readonly elsewhere: readonly WireMessage[] | undefined;
}

/** A datagram, made for the endpoint it is sent from. */
export interface SilentRequest {
  readonly name: string;
  readonly write: (local: Endpoint) => { readonly text: string; readonly callId?: string };
}

/** What is sent to, and who sees it. */
type SilentCallerParts = Pick<RawCallerParts, 'sip' | 'witnesses'>;

/**
 * Sends each request from a socket of its own, says nothing more, not even ACK, and counts for so long what comes of it.
 * Throws a HarnessError where nothing may be sent, or where the capture has counted otherwise.
 */
export async function reflections(
  requests: readonly SilentRequest[],
  from: string,
  { sip, witnesses }: SilentCallerParts,
  durationMs: number,
): Promise<readonly Reflection[]> {
  assertSafeToSend(sip.host);
  const senders = await Promise.all(requests.map((request) => SilentSender.send(request, from, sip)));
  await delay(durationMs);
  const before = senders.map(({ octets }) => octets);
  await witnesses.capture?.settle();
  for (const sender of senders) sender.close();
  return senders.map((sender, index) => {
    confirm(sender, before[index] ?? 0, witnesses);
    const { name, text: sent, local, octets } = sender;
    return { name, sent, local, octets, elsewhere: elsewhereOf(sender, witnesses) };
  });
}

/** A socket that has sent one request, and counts what comes back. */
class SilentSender {
  readonly name: string;
  readonly text: string;
  readonly callId: string | undefined;
  readonly local: Endpoint;
  readonly host: string;
  /** Milliseconds since the epoch: what was on the wire before concerns an earlier user of the port. */
  readonly since = Date.now();
  /** What came from the service. */
  octets = 0;
  readonly #socket: Socket;

  private constructor({ name, write }: SilentRequest, socket: Socket, host: string) {
    const { address, port } = socket.address();
    this.local = { address, port };
    const { text, callId } = write(this.local);
    this.name = name;
    this.text = text;
    this.callId = callId;
    this.host = host;
    this.#socket = socket;
    socket.on('message', (payload, source) => {
      if (source.address === host) this.octets += payload.length;
    });
  }

  static async send(
    request: SilentRequest,
    from: string,
    { host, port }: SilentCallerParts['sip'],
  ): Promise<SilentSender> {
    const socket = createSocket({ type: 'udp4', recvBufferSize: 1024 * 1024 });
    socket.bind(0, from);
    await once(socket, 'listening');
    const sender = new SilentSender(request, socket, host);
    await new Promise<void>((resolve, reject) => {
      socket.send(Buffer.from(sender.text, 'latin1'), port, host, (error) => {
        if (!error) return resolve();
        const reason = `"${request.name}" cannot be sent: ${error.message}`;
        return reject(new HarnessError(reason, { cause: error }));
      });
    });
    return sender;
  }

  close(): void {
    this.#socket.close();
  }
}

/** Throws a HarnessError unless the capture has seen as much: what came while it settled may be missing there. */
function confirm(sender: SilentSender, before: number, { capture }: DeliveryWitnesses): void {
  if (!capture) return;
  const { name, local, host, since, octets } = sender;
  const seen = capture.messages({ at: local, since }).filter(({ source }) => source.address === host);
  const onWire = seen.reduce((sum, { text }) => sum + text.length, 0);
  if (onWire >= before && onWire <= octets) return;
  throw new HarnessError(
    `the two witnesses disagree on the answers to "${name}": ${octets} octets were heard, and ${onWire} on the wire`,
  );
}

/** What the service sent to other addresses under the Call-ID of the request. */
function elsewhereOf(
  { callId, local, host }: SilentSender,
  { capture }: DeliveryWitnesses,
): readonly WireMessage[] | undefined {
  if (callId === undefined) return undefined;
  return capture
    ?.messages({ callId })
    .filter(({ source, destination: to }) => source.address === host && to.address !== local.address);
}
