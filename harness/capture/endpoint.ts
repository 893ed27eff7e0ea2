/** One side of a flow. The address as `node:net` writes it: dotted IPv4, or IPv6 in its shortest form. */
export interface Endpoint {
  readonly address: string;
  readonly port: number;
}

/** An address with any port, where none is given. */
export interface EndpointPattern {
  readonly address: string;
  readonly port?: number;
}

export function matchesEndpoint(pattern: EndpointPattern, endpoint: Endpoint): boolean {
  return pattern.address === endpoint.address && (pattern.port ?? endpoint.port) === endpoint.port;
}
