import type { SocketAddress } from '../net/socket_address.ts';
import type { Transport, TransportUser } from '../sip/transport.ts';

const PATIENCE_MS = 3000;

/** A transport's user that keeps what it hears, so that tests can wait for it. */
export class RecordingUser implements TransportUser {
  readonly packets: { readonly text: string; readonly source: SocketAddress }[] = [];
  readonly failures: { readonly code: string; readonly destination: SocketAddress | undefined }[] = [];
  /** Called for each packet, before `until` sees it. */
  onPacket: (packet: Buffer, source: SocketAddress, transport: Transport) => void = () => undefined;
  #changed = Promise.withResolvers<void>();

  received(packet: Buffer, source: SocketAddress, transport: Transport): void {
    this.packets.push({ text: packet.toString('latin1'), source });
    this.onPacket(packet, source, transport);
    this.#wake();
  }

  undelivered(code: string, _transport: Transport, destination?: SocketAddress): void {
    this.failures.push({ code, destination });
    this.#wake();
  }

  /** Resolves once `holds()` is true; rejects after a few seconds. */
  async until(holds: () => boolean): Promise<void> {
    const { promise, reject } = Promise.withResolvers<never>();
    const timeout = setTimeout(
      () => reject(new Error('what the test waited for did not happen')),
      PATIENCE_MS,
    );
    try {
      while (!holds()) await Promise.race([this.#changed.promise, promise]);
    } finally {
      clearTimeout(timeout);
    }
  }

  #wake(): void {
    this.#changed.resolve();
    this.#changed = Promise.withResolvers<void>();
  }
}
