import type { Destination, Transport } from '../sip/transport.ts';

/** A transport that keeps what is sent, for tests with a manual clock. */
export class RecordingTransport implements Transport {
  readonly protocol: 'UDP' | 'TCP';
  readonly reliable: boolean;
  readonly address = '198.51.100.1';
  readonly port = 5060;
  readonly sent: { readonly text: string; readonly destination: Destination }[] = [];

  constructor(protocol: 'UDP' | 'TCP' = 'UDP') {
    this.protocol = protocol;
    this.reliable = protocol === 'TCP';
  }

  send(packet: Buffer, destination: Destination): void {
    this.sent.push({ text: packet.toString('latin1'), destination });
  }

  trust(): void {}

  /** The start lines of what was sent since the last call. */
  takeStartLines(): string[] {
    return this.sent.splice(0).map(({ text }) => text.slice(0, text.indexOf('\r\n')));
  }
}
