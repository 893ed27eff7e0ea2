import type { SocketAddress } from '../net/socket_address.ts';
import type { TimerWheel } from '../runtime/timer_wheel.ts';
import type { TransportUser } from './transport.ts';
import { TcpTransport, type TcpBinding } from './transport_tcp.ts';
import { UdpTransport } from './transport_udp.ts';

/** How many ports that are free for TCP are tried until one is free for UDP too. */
const DRAWS = 16;

/** UDP and TCP on one address and port (RFC 3261 18.2.1). */
export interface Listener extends SocketAddress {
  readonly udp: UdpTransport;
  readonly tcp: TcpTransport;
  /** Sends what is queued, then closes both. */
  close(): Promise<void>;
}

/**
 * Listens on UDP and TCP; port 0 takes one that is free for both. Rejects with the system's error (EADDRINUSE,
 * EADDRNOTAVAIL, EACCES …).
 */
export async function listen(binding: TcpBinding, user: TransportUser, wheel: TimerWheel): Promise<Listener> {
  for (let draw = 1; ; draw++) {
    const tcp = await TcpTransport.bind(binding, user, wheel);
    const { address, port } = tcp;
    try {
      const { reusePort = false } = binding;
      const udp = await UdpTransport.bind({ address, port, reusePort }, user);
      const close = async (): Promise<void> => void (await Promise.all([udp.close(), tcp.close()]));
      return { address, port, udp, tcp, close };
    } catch (error) {
      await tcp.close();
      const isTaken = error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';
      if (binding.port !== 0 || !isTaken || draw === DRAWS) throw error;
    }
  }
}
