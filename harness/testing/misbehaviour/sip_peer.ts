import { createSocket, type Socket as DatagramSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';

import type { Endpoint } from '../../capture/endpoint.ts';
import { SipMessageFinder, type WireMessage } from '../../capture/sip_messages.ts';
import { HONEST, honestResponse, written, type Moment, type Move, type SipScript } from './sip_script.ts';

/** Where a peer listens, over UDP and TCP; port 0 takes a free one. */
interface PeerAddress {
  readonly host: string;
  readonly port: number;
  readonly realm: string;
}

/** The way back to the sender of a request. */
interface Line {
  send(text: string, fromOtherPort: boolean): void;
  /** Of a connection. */
  readonly connection: Socket | undefined;
}

type Named = (user: string) => SipScript | undefined;

/**
 * A SIP server that answers each request as a script says: wrongly, twice, from elsewhere or not at all. It is honest
 * where the script says nothing. It has no timers, so it repeats nothing that was not acknowledged.
 */
export class SipPeer implements AsyncDisposable {
  readonly host: string;
  readonly port: number;
  readonly #realm: string;
  readonly #scriptOf: Named;
  readonly #socket: DatagramSocket;
  readonly #otherSocket: DatagramSocket;
  readonly #server: Server;
  readonly #connections = new Set<Socket>();
  /** The script of each call, by Call-ID. */
  readonly #scripts = new Map<string, SipScript>();
  /** The request of each moment of a call. */
  readonly #requests = new Map<string, WireMessage>();
  /** The last response sent at each moment of a call. */
  readonly #sent = new Map<string, string>();
  readonly #transactions = new Set<string>();

  private constructor(
    realm: string,
    scriptOf: Named,
    socket: DatagramSocket,
    otherSocket: DatagramSocket,
    server: Server,
  ) {
    ({ address: this.host, port: this.port } = socket.address());
    this.#realm = realm;
    this.#scriptOf = scriptOf;
    this.#socket = socket;
    this.#otherSocket = otherSocket;
    this.#server = server;
    socket.on('message', (payload, { address, port }) => this.#datagram(payload, { address, port }));
    server.on('connection', (connection) => this.#connected(connection));
  }

  /** Listens. `scriptOf` names the script for calls to a user part; undefined: an honest one. */
  static async start({ host, port, realm }: PeerAddress, scriptOf: Named): Promise<SipPeer> {
    const [socket, otherSocket] = [createSocket('udp4'), createSocket('udp4')];
    socket.bind(port, host);
    otherSocket.bind(0, host);
    await Promise.all([once(socket, 'listening'), once(otherSocket, 'listening')]);
    const server = createServer({ allowHalfOpen: true, noDelay: true });
    server.listen(socket.address().port, host);
    await once(server, 'listening');
    return new SipPeer(realm, scriptOf, socket, otherSocket, server);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#socket.close();
    this.#otherSocket.close();
    for (const connection of this.#connections) connection.destroy();
    this.#server.close();
    await once(this.#server, 'close');
  }

  #datagram(payload: Buffer, source: Endpoint): void {
    const destination = { address: this.host, port: this.port };
    const segment = { protocol: 'udp', time: Date.now(), source, destination, payload, packets: [] } as const;
    const line: Line = {
      connection: undefined,
      send: (text, fromOtherPort) =>
        (fromOtherPort ? this.#otherSocket : this.#socket).send(
          Buffer.from(text, 'latin1'),
          source.port,
          source.address,
        ),
    };
    for (const { message } of new SipMessageFinder().push(segment)) this.#play(message, line);
  }

  #connected(connection: Socket): void {
    this.#connections.add(connection);
    const finder = new SipMessageFinder();
    const source = { address: connection.remoteAddress ?? '', port: connection.remotePort ?? 0 };
    const destination = { address: this.host, port: this.port };
    const flags = { protocol: 'tcp', syn: false, fin: false, reset: false, packets: [] } as const;
    const line: Line = { connection, send: (text) => connection.write(text, 'latin1') };
    let sequence = 0;
    connection.on('data', (payload) => {
      const segment = { ...flags, time: Date.now(), source, destination, payload, sequence };
      sequence += payload.length;
      for (const { message } of finder.push(segment)) this.#play(message, line);
    });
    connection.on('end', () => connection.end());
    // A caller may go away.
    connection.on('error', () => connection.destroy());
    connection.on('close', () => this.#connections.delete(connection));
  }

  #play(request: WireMessage, line: Line): void {
    const moment = momentOf(request);
    const { callId = '' } = request;
    if (moment === undefined || this.#isRepeated(request)) return;
    const user = /^\S+ sips?:([^@;>\s]+)@/.exec(request.startLine)?.[1] ?? '';
    const script = this.#scripts.get(callId) ?? this.#scriptOf(user) ?? {};
    this.#scripts.set(callId, script);
    this.#requests.set(`${callId} ${moment}`, request);
    for (const move of script[moment] ?? HONEST[moment]) this.#make(move, request, moment, line);
  }

  /** Whether the request is a retransmission (RFC 3261 section 17.2.3). */
  #isRepeated(request: WireMessage): boolean {
    const transaction = `${request.method} ${request.header('Via')}`;
    if (this.#transactions.has(transaction)) return true;
    this.#transactions.add(transaction);
    return false;
  }

  #make(move: Move, request: WireMessage, moment: Moment, line: Line): void {
    const { connection } = line;
    if (move === 'half-close') connection?.end();
    else if (move === 'reset') connection?.resetAndDestroy();
    else if ('octets' in move) line.send(move.octets, false);
    else if ('again' in move) line.send(this.#sent.get(`${request.callId} ${move.again}`) ?? '', false);
    else {
      const { to = moment } = move;
      const answered = this.#requests.get(`${request.callId} ${to}`) ?? request;
      const honest = honestResponse(answered, move.answer, {
        address: this.host,
        port: this.port,
        realm: this.#realm,
      });
      const text = written(move.edits.reduce((response, edit) => edit(response), honest));
      this.#sent.set(`${request.callId} ${moment}`, text);
      line.send(text, move.fromOtherPort === true);
    }
  }
}

function momentOf(request: WireMessage): Moment | undefined {
  const { method } = request;
  if (method === 'INVITE')
    return request.header('Proxy-Authorization') === undefined ? 'first INVITE' : 'INVITE';
  return method === 'CANCEL' || method === 'BYE' || method === 'OPTIONS' ? method : undefined;
}
