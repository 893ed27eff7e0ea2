import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

import { failureBody, type Failure } from './envelope.ts';

const METHODS = 'GET, HEAD, POST, PATCH, DELETE, OPTIONS';
/** How long a refused CONNECT may keep its connection. */
const LINGER_MS = 2000;
const JSON_TYPE = 'application/json; charset=utf-8';

/** An answer without a route, by the code of what was wrong. */
interface Refusal {
  readonly failure: Failure;
  readonly statusLine: string;
  readonly headers?: string;
}

const NOT_HTTP: Refusal = {
  failure: { kind: 'malformed', description: 'this is not an HTTP/1.1 request' },
  statusLine: '400 Bad Request',
};

/** CONNECT is one of the methods that no resource has (RFC 9110 section 9.3.6). */
const NO_SUCH_METHOD: Refusal = {
  failure: { kind: 'methodNotAllowed', description: 'there is no such method' },
  statusLine: '405 Method Not Allowed',
  headers: `Allow: ${METHODS}\r\n`,
};

/** What node's HTTP parser refuses, by its code. */
const UNPARSABLE: ReadonlyMap<string | undefined, Refusal> = new Map<string | undefined, Refusal>([
  ['HPE_INVALID_METHOD', NO_SUCH_METHOD],
  [
    'HPE_HEADER_OVERFLOW',
    {
      failure: { kind: 'headersTooLarge', description: 'the header fields are too large' },
      statusLine: '431 Request Header Fields Too Large',
    },
  ],
  [
    'ERR_HTTP_REQUEST_TIMEOUT',
    {
      failure: { kind: 'requestTimeout', description: 'the request was not complete in time' },
      statusLine: '408 Request Timeout',
    },
  ],
]);

/** What the refusals that no route writes need. */
export interface SocketRefusalOptions {
  readonly newUuid: () => string;
  /** Told of each request that never reached a route. */
  readonly onRefused: (code: string | undefined, source: string | undefined) => void;
}

/** Answers input that node's HTTP parser refuses, and closes. */
export function refuseUnparsable(
  { code }: NodeJS.ErrnoException,
  socket: Socket,
  { newUuid, onRefused }: SocketRefusalOptions,
): void {
  if (code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  write(socket, UNPARSABLE.get(code) ?? NOT_HTTP, newUuid);
  onRefused(code, socket.remoteAddress);
}

/**
 * Answers the requests that node hands to nobody: CONNECT, which it would end without an answer, and an expectation
 * other than 100-continue, to which it would answer a bare 417 (RFC 9110 section 10.1.1).
 */
export function refuseOddRequests(server: Server, { newUuid, onRefused }: SocketRefusalOptions): void {
  server.on('connect', (_request: IncomingMessage, socket: Socket) => {
    // From here on the connection is not node's: nobody else listens to it or ends it.
    socket.on('error', () => socket.destroy());
    socket.setTimeout(LINGER_MS, () => socket.destroy());
    socket.resume();
    write(socket, NO_SUCH_METHOD, newUuid);
    onRefused('CONNECT', socket.remoteAddress);
  });
  server.on('checkExpectation', (request: IncomingMessage, response: ServerResponse) => {
    const description = 'the only expectation that can be met is 100-continue';
    const { status, body } = failureBody([{ kind: 'expectationFailed', description }], newUuid);
    response.writeHead(status, { 'content-type': JSON_TYPE }).end(JSON.stringify(body));
    onRefused('EXPECTATION', request.socket.remoteAddress);
  });
}

function write(socket: Socket, { failure, statusLine, headers = '' }: Refusal, newUuid: () => string): void {
  const body = JSON.stringify(failureBody([failure], newUuid).body);
  socket.end(
    `HTTP/1.1 ${statusLine}\r\n${headers}Content-Type: ${JSON_TYPE}\r\n` +
      `Content-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
  );
}
