import { createSocket } from 'node:dgram';
import { once } from 'node:events';

import type { Config } from '../config/config.ts';
import { listenError } from '../edge/edge_error.ts';
import type { Log } from '../observe/log.ts';

const LAST_PORT = 65_535;

/**
 * The ports on which the voice platform reaches each of several workers, 0 where the kernel is to choose. They stand in the
 * routes of dialogs, so a restart has to find them again: unless others are asked for, they are those after the port
 * of the service. One that is taken is told, as then the callees' requests in older dialogs are lost by a restart.
 */
export async function innerPortsOf(sip: Config['sip'], count: number, log: Log): Promise<number[]> {
  const { host, port, innerPort } = sip;
  const places = Array.from({ length: count }, (_, index) => index);
  if (innerPort !== 0) return places.map((index) => innerPort + index);
  // Callers find a port that the kernel chose no more after a restart, so callees need not either.
  if (port === 0) return places.map(() => 0);
  return Promise.all(
    places.map(async (index) => {
      const next = port + 1 + index;
      if (next <= LAST_PORT && (await isFree(host, next))) return next;
      log({
        level: 'warn',
        event: 'edge.inner-port-taken',
        worker: index,
        port: next,
        mend: 'set VOICE_EDGE_SIP_INNER_PORT: else what callees send in open calls is lost by a restart',
      });
      return 0;
    }),
  );
}

/** Rejects with an EdgeError that names the port where somebody has it, whether or not he would share it. */
export async function assertFree(host: string, port: number): Promise<void> {
  const socket = createSocket('udp4');
  try {
    const listening = once(socket, 'listening');
    socket.bind(port, host);
    await listening;
  } catch (cause) {
    throw listenError(cause, { host, port });
  } finally {
    socket.close();
  }
}

/** Whether nobody has the port. */
export async function isFree(host: string, port: number): Promise<boolean> {
  return assertFree(host, port).then(
    () => true,
    () => false,
  );
}
