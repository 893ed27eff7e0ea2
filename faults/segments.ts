import { subscribe } from 'node:diagnostics_channel';
import { Socket } from 'node:net';

import { listen } from '../impl/sip/listener.ts';
import type { Parts } from '../impl/system.ts';
import { edgeWith } from './fault.ts';

/** What the edge reads instead of a segment, an octet a character. */
type SegmentReader = (segment: string) => string;

/** The edge that reads something else over TCP: `begin` is called for each connection. */
export function segmentsRead(begin: () => SegmentReader): Partial<Parts> {
  return edgeWith({
    async listen(binding, user, wheel) {
      const listener = await listen(binding, user, wheel);
      subscribe('net.server.socket', (message) => {
        if (typeof message !== 'object' || message === null || !('socket' in message)) return;
        const { socket } = message;
        if (!(socket instanceof Socket) || socket.localPort !== listener.tcp.port) return;
        const push = socket.push.bind(socket);
        const read = begin();
        socket.push = (segment: Buffer | null) =>
          push(segment && Buffer.from(read(segment.toString('latin1')), 'latin1'));
      });
      return listener;
    },
  });
}
