import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';

import type { Endpoint } from '../capture/endpoint.ts';
import { messageIn, type WireMessage } from '../capture/sip_messages.ts';
import { assertSafeToSend } from '../lab/guard.ts';
import { HarnessError } from '../verdict.ts';
import { Mailbox } from './mailbox.ts';

/**
 * The called side of calls once they are answered: the stand-in of the voice platform names this socket as its Contact.
 * What it sends is written octet by octet. It does nothing by itself.
 */
export class CalledSide {
  readonly local: Endpoint;
  readonly #socket: Socket;
  readonly #mailbox: Mailbox;

  private constructor(socket: Socket, answerMs: number) {
    const { address, port } = socket.address();
    this.local = { address, port };
    this.#socket = socket;
    this.#mailbox = new Mailbox(answerMs);
    socket.on('message', (payload, source) => {
      const message = messageIn(payload, { address: source.address, port: source.port }, this.local);
      if (message) this.#mailbox.put(message);
    });
  }

  /** Throws a HarnessError where nothing can be heard at this address. */
  static async open(address: string, answerMs: number): Promise<CalledSide> {
    const socket = createSocket({ type: 'udp4', recvBufferSize: 4 * 1024 * 1024 });
    try {
      socket.bind(0, address);
      await once(socket, 'listening');
    } catch (error) {
      socket.close();
      throw new HarnessError(`${address} cannot be bound to be called at: ${String(error)}`, {
        cause: error,
      });
    }
    return new CalledSide(socket, answerMs);
  }

  close(): void {
    this.#socket.close();
  }

  /** Sends octets, a character each. Throws a HarnessError where nothing may be sent there. */
  send(text: string, { address, port }: Endpoint): void {
    assertSafeToSend(address);
    this.#socket.send(Buffer.from(text, 'latin1'), port, address);
  }

  /** The first message that is it, come already or within the patience for an answer; undefined where none comes. */
  async until(isIt: (message: WireMessage) => boolean): Promise<WireMessage | undefined> {
    return (await this.#mailbox.until(isIt))?.message;
  }
}
