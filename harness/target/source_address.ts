import { createSocket } from 'node:dgram';

import { HarnessError } from '../verdict.ts';
import type { Place } from './descriptor.ts';

/**
 * The address of this machine that a datagram to the target would come from; nothing is sent. Rejects with a
 * HarnessError where the host has no address, or no route leads there.
 */
export async function sourceAddressTowards({ host, port }: Place['sip']): Promise<string> {
  const socket = createSocket('udp4');
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const refused = (error: NodeJS.ErrnoException): void => {
    const why = error.code === 'ENOTFOUND' ? 'no address is known for that name' : error.message;
    reject(
      new HarnessError(
        `the target's SIP host ${host} cannot be reached from here: ${why}. Mend sip.host in its descriptor.`,
      ),
    );
  };
  // A name that cannot be resolved is reported twice: as this event, and to the callback.
  socket.on('error', refused);
  socket.connect(port, host, (error?: Error) => (error ? refused(error) : resolve(socket.address().address)));
  try {
    return await promise;
  } finally {
    socket.close();
  }
}
