/** One side of a flow. The address is as `node:net` writes it: dotted IPv4, or IPv6 in its shortest form. */
export interface Endpoint {
  readonly address: string;
  readonly port: number;
}

/** An endpoint; without a port, every port of the address. */
export interface EndpointPattern {
  readonly address: string;
  readonly port?: number;
}

/** Whether the endpoint has the pattern's address and, where the pattern has one, its port. */
export function matchesEndpoint(pattern: EndpointPattern, endpoint: Endpoint): boolean {
  return pattern.address === endpoint.address && (pattern.port ?? endpoint.port) === endpoint.port;
}
