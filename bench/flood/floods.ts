import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';

import { strangerAddress } from '../../harness/lab/addresses.ts';
import { callerAddress, type ServerAddress } from '../edge/places.ts';
import { Connections, type ConnectionKind } from './connections.ts';
import type { FloodRates } from './options.ts';
import { DATAGRAM_KINDS, DATAGRAMS, type DatagramKind } from './requests.ts';

/** Bursts would fill the edge's socket buffer by themselves: some six of the largest datagrams do. */
const TURN_MS = 5;
const TURNS_A_SECOND = 1000 / TURN_MS;
/** Callers from this number on flood; good callers of the same prefix have lower numbers. */
const FIRST_FLOODER = 60;
/** Addresses of each sort: neighbours of the good callers, and strangers of prefixes of their own. */
const SENDERS_OF_A_SORT = 8;

/** What was sent. */
export interface FloodCounts {
  readonly datagrams: Readonly<Record<DatagramKind, number>>;
  /** Connections that were begun. */
  readonly connections: Readonly<Record<ConnectionKind, number>>;
  /** Requests over connections that nobody reads. */
  readonly unreadRequests: number;
}

/** All floods at once, until they are stopped. */
export interface Floods {
  counts(): FloodCounts;
  /** Connections that are open now. */
  readonly connections: number;
  /** Sends no more and closes what is open. A second call does nothing. */
  stop(): void;
}

/** Floods `target` from sixteen addresses; INVITEs call `user`. */
export async function startFloods(target: ServerAddress, user: string, rates: FloodRates): Promise<Floods> {
  const addresses = Array.from({ length: SENDERS_OF_A_SORT }, (_, index) => [
    callerAddress(FIRST_FLOODER + index),
    strangerAddress(index),
  ]).flat();
  const datagrams: Record<DatagramKind, number> = {
    garbage: 0,
    invites: 0,
    options: 0,
    largeOptions: 0,
    largeInvites: 0,
  };
  const sockets = await Promise.all(addresses.map(bound));
  const connections = new Connections(target, addresses, rates.connections);
  let turnsDone = 0;
  /** How many of so many a second are due in this turn. */
  const due = (rate: number): number =>
    Math.floor((rate * (turnsDone + 1)) / TURNS_A_SECOND) - Math.floor((rate * turnsDone) / TURNS_A_SECOND);
  const turn = (): void => {
    for (const kind of DATAGRAM_KINDS) {
      for (let left = due(rates[kind]); left > 0; left -= 1) {
        const number = datagrams[kind]++;
        const socket = sockets[number % sockets.length]!;
        socket.send(DATAGRAMS[kind](number, user, socket.address()), target.port, target.host);
      }
    }
    connections.turn(due);
    turnsDone += 1;
  };
  const turns = setInterval(turn, TURN_MS);
  return {
    counts: () => ({
      datagrams: { ...datagrams },
      connections: { ...connections.opened },
      unreadRequests: connections.requests,
    }),
    get connections() {
      return connections.size;
    },
    stop() {
      clearInterval(turns);
      connections.close();
      for (const socket of sockets.splice(0)) socket.close();
    },
  };
}

async function bound(address: string): Promise<Socket> {
  const socket = createSocket('udp4');
  // The edge may refuse as it likes: neither answers nor errors matter.
  socket.on('error', () => undefined);
  socket.bind(0, address);
  await once(socket, 'listening');
  return socket;
}
