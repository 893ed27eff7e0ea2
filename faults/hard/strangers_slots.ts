import { subscribe } from 'node:diagnostics_channel';
import { Socket } from 'node:net';

import type { Decision } from '../../impl/edge/decision.ts';
import { listen, type Listener } from '../../impl/sip/listener.ts';
import type { Parts } from '../../impl/system.ts';
import { busyFor } from '../busy.ts';
import { decidedOtherwise, edgeWith, faultsOf } from '../fault.ts';

/** Fewer than a flood opens, more than all others need. */
const CONNECTIONS = 300;
/** The reason goes to the log alone. */
const REFUSAL: Decision = { action: 'refuse', status: 403, reason: 'looped' };
const REMEMBERED_MS = 5_000;

export default faultsOf('hard.strangers.slots', [
  {
    id: 'strangers-fill-the-room-of-calls',
    sentence: 'Once a thousand requests of strangers for an application are remembered, its calls get 403.',
    override: remembering((strangers, decision) => (strangers > 1000 ? REFUSAL : decision)),
  },
  {
    id: 'strangers-looked-through',
    sentence: 'Each call looks through all requests of strangers for its application that are remembered.',
    override: remembering((strangers, decision) => {
      busyFor(Math.min(strangers, 700) / 2);
      return decision;
    }),
  },
  {
    id: 'strangers-never-closed',
    sentence: 'Where no more TCP connections may be open, a new one is closed, and no stranger makes room.',
    override: listening(({ tcp }) => {
      eachAccepted(tcp.port, ({ remoteAddress: address = '', remotePort: port = 0 }) =>
        process.nextTick(() => tcp.trust({ address, port })),
      );
    }),
  },
  {
    id: 'customers-closed-too',
    sentence: 'Where no more TCP connections may be open, the oldest one makes room, whoever has it.',
    override: listening(({ tcp }) => {
      Object.assign(tcp, { trust: () => undefined });
    }),
  },
  {
    id: 'line-breaks-keep-a-place',
    sentence:
      'Line breaks over TCP count as much as a request: who sends them does not make room for others.',
    override: listening(({ tcp }) => eachAccepted(tcp.port, readPingsAsRequests)),
  },
]);

/**
 * The edge where `change` has the last word on each call that is delivered. It is told how many requests that were not,
 * and named the same application, came in the last seconds.
 */
function remembering(change: (strangers: number, decision: Decision) => Decision): Partial<Parts> {
  const remembered = new Map<string, number[]>();
  return decidedOtherwise((decision, { request: { uriText } }) => {
    const now = performance.now();
    const times = remembered.get(uriText) ?? [];
    remembered.set(uriText, times);
    while (times[0] !== undefined && times[0] < now - REMEMBERED_MS) times.shift();
    if (decision.action === 'deliver') return change(times.length, decision);
    times.push(now);
    return decision;
  });
}

/** The edge with little room for TCP connections, and with its listener changed. */
function listening(change: (listener: Listener) => void): Partial<Parts> {
  return edgeWith({
    async listen(binding, user, wheel) {
      const listener = await listen({ ...binding, limits: { connections: CONNECTIONS } }, user, wheel);
      change(listener);
      return listener;
    },
  });
}

/** Hands each connection to that port to `take`, once it is accepted. */
function eachAccepted(port: number, take: (socket: Socket) => void): void {
  subscribe('net.server.socket', (message) => {
    if (typeof message !== 'object' || message === null || !('socket' in message)) return;
    const { socket } = message;
    if (socket instanceof Socket && socket.localPort === port) take(socket);
  });
}

/** Has the edge read a whole request where line breaks come alone. */
function readPingsAsRequests(socket: Socket): void {
  const push = socket.push.bind(socket);
  const from = `${socket.remoteAddress}:${socket.remotePort}`;
  let number = 0;
  socket.push = (segment: Buffer | null) => {
    if (segment?.toString('latin1') !== '\r\n\r\n') return push(segment);
    const lines = [
      'OPTIONS sip:ping SIP/2.0',
      `Via: SIP/2.0/TCP ${from};branch=z9hG4bKping${number++}`,
      'From: <sip:ping>;tag=ping',
      'To: <sip:ping>',
      `Call-ID: ${number}@${from}`,
      'CSeq: 1 OPTIONS',
      'Content-Length: 0',
    ];
    return push(Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1'));
  };
}
