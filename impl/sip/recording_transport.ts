import type { Endpoint, Transport } from './transport.ts';

/** A transport that keeps what is sent, for tests that hold the clock. */
export class RecordingTransport implements Transport {
  readonly protocol = 'UDP';
  readonly address = '198.51.100.1';
  readonly port = 5060;
  readonly sent: { readonly text: string; readonly destination: Endpoint }[] = [];

  send(packet: Buffer, destination: Endpoint): void {
    this.sent.push({ text: packet.toString('latin1'), destination });
  }

  /** The start lines of what was sent since the last call. */
  takeStartLines(): string[] {
    return this.sent.splice(0).map(({ text }) => text.slice(0, text.indexOf('\r\n')));
  }
}
