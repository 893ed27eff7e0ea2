import { randomUUID } from 'node:crypto';
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';

/**
 * A socket of our own on 127.0.0.1 that receives markers, which are datagrams with a unique payload. Once a marker is
 * in the capture file, so is everything that was on the wire before it.
 */
export interface MarkerSocket {
  readonly port: number;
  /** Sends a marker. @throws what the operating system says, as where `lo` is down. */
  send(payload: string): Promise<void>;
  close(): void;
}

/** @throws what the operating system says, as where 127.0.0.1 is not there. */
export async function openMarkerSocket(): Promise<MarkerSocket> {
  const socket: Socket = createSocket('udp4');
  socket.unref();
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  const { port } = socket.address();
  return {
    port,
    send: (payload) =>
      new Promise((resolve, reject) => {
        socket.send(payload, port, '127.0.0.1', (error) => (error === null ? resolve() : reject(error)));
      }),
    close: () => socket.close(),
  };
}

/** A payload that no other datagram has. */
export function uniqueMarker(): string {
  return `capture-marker ${randomUUID()}`;
}
