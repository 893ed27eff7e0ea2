/** What can keep an edge from starting, each with how to mend it. */
const MENDS = {
  EADDRINUSE: 'is taken: stop the program that listens there, or listen on another port',
  EADDRNOTAVAIL: 'is not an address of this machine: listen on one that is',
  EACCES: 'needs rights that this process does not have: listen on a port above 1023',
  EDGE_LISTEN_ADDRESS: 'is not an IPv4 address callers can reach: give one, not a name or 0.0.0.0',
  EDGE_PLATFORM: 'cannot be reached: give the IPv4 address or the name, and the port, of the voice platform',
  EDGE_REALM: 'is not a realm: give a host name',
  EDGE_NONCE_KEY: 'is too short: give a nonce key of 16 octets or more',
  EDGE_LISTEN: 'cannot be listened on',
} as const;

/** The code of an EdgeError, by which a program tells them apart. */
export type EdgeErrorCode = keyof typeof MENDS;

/** The edge did not start. The message says what is wrong and how to mend it. */
export class EdgeError extends Error {
  override readonly name = 'EdgeError';
  readonly code: EdgeErrorCode;
  readonly subject: string;
  /** The address that cannot be used, if the error is about one. */
  readonly address: string | undefined;
  readonly port: number | undefined;

  /** `subject` begins the message: an address or an option's name or value. */
  constructor(code: EdgeErrorCode, subject: string, at?: { host: string; port: number }, cause?: unknown) {
    super(`${subject} ${MENDS[code]}`, { cause });
    this.code = code;
    this.subject = subject;
    this.address = at?.host;
    this.port = at?.port;
  }
}

/** The EdgeError for what the system threw when a socket was bound. */
export function listenError(cause: unknown, at: { host: string; port: number }): EdgeError {
  const systemCode = cause instanceof Error && 'code' in cause ? cause.code : undefined;
  const code = isSystemCode(systemCode) ? systemCode : 'EDGE_LISTEN';
  return new EdgeError(code, `${at.host}:${at.port}/udp`, at, cause);
}

function isSystemCode(code: unknown): code is 'EADDRINUSE' | 'EADDRNOTAVAIL' | 'EACCES' {
  return code === 'EADDRINUSE' || code === 'EADDRNOTAVAIL' || code === 'EACCES';
}
