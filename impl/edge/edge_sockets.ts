import type { SocketAddress } from '../net/socket_address.ts';
import type { SipEndpoint } from '../sip/endpoint.ts';
import type { Listener } from '../sip/listener.ts';
import type { UdpTransport } from '../sip/transport_udp.ts';
import { listenError } from './edge_error.ts';
import type { EdgeOptions } from './edge_options.ts';

/** The sockets of an edge; its endpoint closes them. */
export interface EdgeSockets {
  /** Where callers reach it. */
  readonly outer: Listener;
  /** Where the voice platform reaches it. */
  readonly inner: UdpTransport;
  /** Connected to the voice platform, so that an ICMP error shows when nobody is there. */
  readonly toPlatform: UdpTransport;
}

/** Opens the sockets of an edge. Rejects with an EdgeError; closing the endpoint then closes those that are open. */
export async function openSockets(
  endpoint: SipEndpoint,
  { listen: { host, port }, worker }: Pick<EdgeOptions, 'listen' | 'worker'>,
  peer: SocketAddress,
): Promise<EdgeSockets> {
  const bind = (boundPort: number, to?: SocketAddress): Promise<UdpTransport> =>
    opened(endpoint.bindUdp({ address: host, port: boundPort, ...(to && { peer: to }) }), host, boundPort);
  const toPlatform = await bind(0, peer);
  const inner = worker && (await bind(worker.innerPort));
  // Last: packets come as soon as it is open; on a shared port it takes them from other workers.
  const reusePort = worker !== undefined;
  const outer = await opened(endpoint.listen({ address: host, port, reusePort }), host, port);
  return { outer, inner: inner ?? outer.udp, toPlatform };
}

function opened<Socket>(opening: Promise<Socket>, host: string, port: number): Promise<Socket> {
  return opening.catch((cause: unknown) => {
    throw listenError(cause, { host, port });
  });
}
