import { createSocket, type Socket as UdpSocket } from 'node:dgram';
import { once } from 'node:events';
import { connect, type Socket as TcpSocket } from 'node:net';

import { callerAddress, REALM, type ServerAddress } from '../edge/places.ts';
import { garbage } from './garbage.ts';
import type { FloodRates } from './options.ts';

/** Twenty turns a second spread the load evenly. */
const TURN_MS = 50;
const TURNS_A_SECOND = 1000 / TURN_MS;
/** Connections that stay open; beyond this the oldest is closed. */
const MOST_CONNECTIONS = 3000;
/** Callers from this number on flood; good callers have lower numbers. */
const FIRST_FLOODER = 60;
const SENDERS = 8;

/** What was sent. */
export interface FloodCounts {
  garbage: number;
  invites: number;
  connections: number;
}

/** All floods at once, until it is stopped. */
export interface Floods {
  readonly counts: Readonly<FloodCounts>;
  /** Sends no more and closes what is open. A second call does nothing. */
  stop(): void;
}

/** Floods `target`; INVITEs call `user`, and are neither acknowledged nor sent again. */
export async function startFloods(target: ServerAddress, user: string, rates: FloodRates): Promise<Floods> {
  const counts: FloodCounts = { garbage: 0, invites: 0, connections: 0 };
  const sockets = await Promise.all(Array.from({ length: SENDERS }, (_, index) => sender(index)));
  const connections: TcpSocket[] = [];
  const send = (packet: Buffer, number: number): void =>
    sockets[number % SENDERS]!.send(packet, target.port, target.host);
  const turn = (): void => {
    for (let left = rates.garbage / TURNS_A_SECOND; left > 0; left -= 1) {
      send(garbage(counts.garbage, user), counts.garbage);
      counts.garbage += 1;
    }
    for (let left = rates.invites / TURNS_A_SECOND; left > 0; left -= 1) {
      send(inviteWithoutCredentials(counts.invites, user), counts.invites);
      counts.invites += 1;
    }
    for (let left = rates.connections / TURNS_A_SECOND; left > 0; left -= 1) {
      connections.push(halfOpen(target, counts.connections));
      counts.connections += 1;
    }
    while (connections.length > MOST_CONNECTIONS) connections.shift()?.destroy();
  };
  const turns = setInterval(turn, TURN_MS);
  return {
    counts,
    stop() {
      clearInterval(turns);
      for (const connection of connections) connection.destroy();
      for (const socket of sockets.splice(0)) socket.close();
    },
  };
}

async function sender(index: number): Promise<UdpSocket> {
  const socket = createSocket('udp4');
  // The edge may refuse as it likes: neither answers nor errors matter.
  socket.on('error', () => undefined);
  socket.bind(0, callerAddress(FIRST_FLOODER + index));
  await once(socket, 'listening');
  return socket;
}

function inviteWithoutCredentials(number: number, user: string): Buffer {
  const from = callerAddress(FIRST_FLOODER + (number % SENDERS));
  return Buffer.from(
    [
      `INVITE sip:${user}@${REALM} SIP/2.0`,
      `Via: SIP/2.0/UDP ${from}:5060;branch=z9hG4bKflood${number};rport`,
      `From: <sip:caller@${from}>;tag=${number}`,
      `To: <sip:${user}@${REALM}>`,
      `Call-ID: flood-${number}@${from}`,
      'CSeq: 1 INVITE',
      `Contact: <sip:caller@${from}>`,
      'Max-Forwards: 70',
      'Content-Length: 0',
      '',
      '',
    ].join('\r\n'),
  );
}

/** A connection that says nothing, begins a message, or begins a body, and then waits. */
function halfOpen({ host, port }: ServerAddress, number: number): TcpSocket {
  const localAddress = callerAddress(FIRST_FLOODER + (number % SENDERS));
  const socket = connect({ host, port, localAddress });
  socket.on('error', () => undefined);
  if (number % 3 === 1) socket.write(`INVITE sip:${'x'.repeat(8000)}`);
  if (number % 3 === 2) socket.write('INVITE sip:a@b SIP/2.0\r\nContent-Length: 60000\r\n\r\n');
  return socket;
}
