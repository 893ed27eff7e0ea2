import { createSocket } from 'node:dgram';
import { once } from 'node:events';

import type { Config } from '../config/config.ts';
import { listenError } from '../edge/edge_error.ts';
import type { Log } from '../observe/log.ts';

const LAST_PORT = 65_535;

/**
 * The ports on which the voice platform reaches each of several workers; 0: the kernel's choice. They are in the routes
 * of dialogs, so they must be the same after a restart: those configured, else those after the port of the service. If
 * one is taken it logs a warning, because a restart then loses the callees' requests in open dialogs.
 */
export async function innerPortsOf(sip: Config['sip'], count: number, log: Log): Promise<number[]> {
  const { host, port, innerPort } = sip;
  const places = Array.from({ length: count }, (_, index) => index);
  if (innerPort !== 0) return places.map((index) => innerPort + index);
  // If the kernel chose the service's port, callers cannot find it after a restart; so callees need not either.
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
        mend: 'set VOICE_EDGE_SIP_INNER_PORT: otherwise a restart loses what callees send in open calls',
      });
      return 0;
    }),
  );
}

/** Rejects with an EdgeError that names the port if another program has it, shared or not. */
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

/** Whether no program has the UDP port. */
export async function isFree(host: string, port: number): Promise<boolean> {
  return assertFree(host, port).then(
    () => true,
    () => false,
  );
}
