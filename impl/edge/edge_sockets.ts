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
  /** The way to the voice platform; it hears when nobody is there. */
  readonly toPlatform: UdpTransport;
}

/** Opens them at the endpoint. Rejects with an EdgeError; what is open by then the endpoint closes. */
export async function openSockets(
  endpoint: SipEndpoint,
  { listen: { host, port }, worker }: Pick<EdgeOptions, 'listen' | 'worker'>,
  peer: SocketAddress,
): Promise<EdgeSockets> {
  const bind = (boundPort: number, to?: SocketAddress): Promise<UdpTransport> =>
    opened(endpoint.bindUdp({ address: host, port: boundPort, ...(to && { peer: to }) }), host, boundPort);
  const toPlatform = await bind(0, peer);
  const inner = worker && (await bind(worker.innerPort));
  // Last: from its opening on packets come, and where the port is shared, packets that others would have got.
  const reusePort = worker !== undefined;
  const outer = await opened(endpoint.listen({ address: host, port, reusePort }), host, port);
  return { outer, inner: inner ?? outer.udp, toPlatform };
}

function opened<Socket>(opening: Promise<Socket>, host: string, port: number): Promise<Socket> {
  return opening.catch((cause: unknown) => {
    throw listenError(cause, { host, port });
  });
}
