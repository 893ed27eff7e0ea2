import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';

import type { Endpoint } from '../capture/endpoint.ts';
import type { WireMessage } from '../capture/sip_messages.ts';
import { assertSafeToSend } from '../lab/guard.ts';
import { HarnessError } from '../verdict.ts';
import type { Attempt } from './attempt.ts';
import { deliveredOf } from './delivered.ts';
import { Mailbox } from './mailbox.ts';
import type { RawCallerParts } from './raw_caller.ts';
import { linesOf, type RawLines, type RawShape } from './raw_request.ts';
import { connected, listenTo } from './stream.ts';

/**
 * A caller over TCP that listens, and names the port at which it does in Via and Contact. Its requests go over a
 * connection that it opens, and again when that has ended; a response goes over the one by which its request came.
 */
export class ListeningCaller {
  readonly local: Endpoint;
  readonly #server: Server;
  readonly #parts: RawCallerParts;
  readonly #mailbox: Mailbox;
  /** All that are open, by their other end. */
  readonly #connections = new Map<string, Socket>();
  #own: Socket | undefined;
  #opening: Promise<string | undefined> | undefined;
  #unsent: unknown;

  private constructor(server: Server, local: Endpoint, parts: RawCallerParts) {
    this.local = local;
    this.#server = server;
    this.#parts = parts;
    this.#mailbox = new Mailbox(parts.answerMs);
    server.on('connection', (socket) => void this.#hear(socket));
  }

  /** Throws a HarnessError where nothing may be sent to the service, or this address cannot be listened at. */
  static async open(from: string, parts: RawCallerParts): Promise<ListeningCaller> {
    assertSafeToSend(parts.sip.host);
    const server = createServer({ noDelay: true }).listen(0, from);
    try {
      await once(server, 'listening');
    } catch (error) {
      throw new HarnessError(`${from} cannot be listened at: ${String(error)}`, { cause: error });
    }
    const address = server.address();
    if (address === null || typeof address === 'string') throw new HarnessError(`${from} is no address`);
    return new ListeningCaller(server, { address: from, port: address.port }, parts);
  }

  close(): void {
    this.#server.close();
    for (const socket of this.#connections.values()) socket.destroy();
  }

  /** Opens a connection to the service, unless there is one. Returns why it takes none; undefined where it does. */
  async connect(): Promise<string | undefined> {
    if (this.#own) return undefined;
    this.#opening ??= this.#open().finally(() => (this.#opening = undefined));
    return this.#opening;
  }

  async #open(): Promise<string | undefined> {
    const { sip, answerMs } = this.#parts;
    const socket = connect({ ...sip, localAddress: this.local.address, noDelay: true });
    const unconnected = await connected(socket, answerMs);
    if (unconnected !== undefined) return unconnected;
    this.#own = socket;
    void this.#hear(socket).then(() => (this.#own = undefined));
    return undefined;
  }

  /** An unremarkable request of this caller, to be changed. */
  lines(shape: RawShape): RawLines {
    const lines = linesOf({ ...shape, transport: 'TCP' }, this.local, this.#parts.randomness);
    return { ...lines, others: lines.others.map(reachedOverTcp) };
  }

  /** Sends octets, a character each, over a connection that it opened; nothing where the service takes none. */
  send(text: string): void {
    this.connect().then(
      () => this.#own?.write(text, 'latin1'),
      (error: unknown) => (this.#unsent = error),
    );
  }

  /** Sends a response the way its request came. */
  reply(text: string, { source }: WireMessage): void {
    this.#connections.get(keyOf(source))?.write(text, 'latin1');
  }

  /**
   * The first message that is it, come already or within the patience for an answer; undefined where none comes. Rejects
   * with a HarnessError where none can, as what was sent could not leave.
   */
  async until(isIt: (message: WireMessage) => boolean): Promise<WireMessage | undefined> {
    const heard = await this.#mailbox.until(isIt);
    if (heard === undefined && this.#unsent !== undefined) throw this.#unsent;
    return heard?.message;
  }

  /** What the service has delivered under these Call-IDs. */
  async passedOn(callIds: readonly string[]): Promise<Pick<Attempt, 'delivered' | 'passedOn'>> {
    const { witnesses, sip } = this.#parts;
    await witnesses.capture?.settle();
    const delivered = await deliveredOf(callIds, witnesses, { address: sip.host, port: sip.port });
    return { delivered, passedOn: undefined };
  }

  async #hear(socket: Socket): Promise<void> {
    const key = keyOf({ address: socket.remoteAddress ?? '', port: socket.remotePort ?? 0 });
    this.#connections.set(key, socket);
    await listenTo(socket, (message) => this.#mailbox.put(message));
    this.#connections.delete(key);
  }
}

/** The line, with a Contact that says over TCP. */
function reachedOverTcp(line: string): string {
  return line.replace(/^Contact: <([^>]*)>$/, 'Contact: <$1;transport=tcp>');
}

function keyOf({ address, port }: Endpoint): string {
  return `${address}:${port}`;
}
