import type { SocketAddress } from '../impl/net/socket_address.ts';
import { listen } from '../impl/sip/listener.ts';
import type { Destination, Sender, Transport, TransportUser } from '../impl/sip/transport.ts';
import { UdpTransport } from '../impl/sip/transport_udp.ts';
import type { Parts } from '../impl/system.ts';
import { edgeOptions } from './fault.ts';

/** The other end of one message. */
export interface Peer extends SocketAddress {
  /** Told by the address. */
  readonly side: 'caller' | 'platform';
  readonly protocol: Transport['protocol'];
}

/** What replaces a message: one message, several in order, or undefined for none. */
export type Instead = string | readonly string[] | undefined;

/** Texts are SIP messages as they are on the wire, an octet a character. */
export interface Tampering {
  /** What the edge receives instead. */
  readonly received?: (text: string, peer: Peer) => Instead;
  /** What goes out instead of what the edge sends. */
  readonly sent?: (text: string, peer: Peer) => Instead;
}

/** The edge whose messages, in and out, are rewritten on the wire, over UDP and TCP. */
export function wire({ received = same, sent = same }: Tampering): Partial<Parts> {
  return edgeOptions(({ platform }) => {
    const peerOf = ({ address, port }: SocketAddress, { protocol }: Transport): Peer => ({
      address,
      port,
      protocol,
      side: address === platform.host ? 'platform' : 'caller',
    });
    const hearing = (user: TransportUser): TransportUser => ({
      received(packet, source, transport) {
        for (const text of texts(received(packet.toString('latin1'), peerOf(source, transport))))
          user.received(Buffer.from(text, 'latin1'), source, transport);
      },
      undelivered: (...told) => user.undelivered(...told),
    });
    const speaking = <Socket extends Transport>(transport: Socket): Socket => {
      const send = transport.send.bind(transport);
      return Object.assign(transport, {
        send(packet: Buffer, destination: Destination, sender?: Sender) {
          for (const text of texts(sent(packet.toString('latin1'), peerOf(destination, transport))))
            send(Buffer.from(text, 'latin1'), destination, sender);
        },
      });
    };
    return {
      parts: {
        async listen(binding, user, wheel) {
          const listener = await listen(binding, hearing(user), wheel);
          speaking(listener.udp);
          speaking(listener.tcp);
          return listener;
        },
        bindUdp: async (binding, user) => speaking(await UdpTransport.bind(binding, hearing(user))),
      },
    };
  });
}

function same(text: string): Instead {
  return text;
}

function texts(instead: Instead): readonly string[] {
  if (instead === undefined) return [];
  return typeof instead === 'string' ? [instead] : instead;
}
