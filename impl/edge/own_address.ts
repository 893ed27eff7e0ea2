import type { SocketAddress } from '../net/socket_address.ts';
import type { SipRequest } from '../sip/message.ts';
import { parseNameAddr } from '../sip/name_addr.ts';
import type { SipUri } from '../sip/uri.ts';
import { DEFAULT_PORT } from '../sip/via.ts';

/** The names this edge answers to: its sockets, and the SIP domain. */
export class OwnAddresses {
  readonly #endpoints: readonly SocketAddress[];
  readonly #domain: string;

  constructor(endpoints: readonly SocketAddress[], domain: string) {
    this.#endpoints = endpoints;
    this.#domain = domain.toLowerCase();
  }

  /** Whether host and port are those of one of this edge's sockets. */
  isSocket(host: string, port = DEFAULT_PORT): boolean {
    for (const endpoint of this.#endpoints) {
      if (endpoint.port === port && endpoint.address === host) return true;
    }
    return false;
  }

  /** Whether it is the SIP domain, or the address of one of this edge's sockets. */
  isHost(host: string): boolean {
    return this.#endpoints.some(({ address }) => address === host) || host.toLowerCase() === this.#domain;
  }

  /** Whether a URI names this edge, by a socket or by the domain. */
  isNamed(uri: SipUri): boolean {
    return this.isSocket(uri.host, uri.port) || uri.host.toLowerCase() === this.#domain;
  }

  /** Whether the first Route value of the request names this edge, which then removes it (RFC 3261 16.4). */
  isFirstRoute(request: SipRequest): boolean {
    const value = request.value('route');
    const uri = value === undefined ? undefined : parseNameAddr(value)?.uri;
    return uri !== undefined && this.isNamed(uri);
  }
}
