import type { SipResponse } from '../sip/message.ts';
import type { Transport } from '../sip/transport.ts';
import type { LoopGuard } from './loop.ts';

/**
 * The other workers on the same address. The kernel deals out packets by their source, and a caller may answer from
 * another port than it called from, so a response can come to a worker that did not send its request: it is passed
 * on to the one whose port the branch names.
 */
export class Siblings {
  readonly #loops: LoopGuard;
  readonly #inner: Transport;
  readonly #ports: () => readonly number[];

  /** `ports` are the inner ports of all workers; responses go to no other, whatever a branch says. */
  constructor(loops: LoopGuard, inner: Transport, ports: () => readonly number[]) {
    this.#loops = loops;
    this.#inner = inner;
    this.#ports = ports;
  }

  /** Whether the response was another worker's, and has been sent there. */
  passedOn(response: SipResponse, packet: Buffer): boolean {
    const port = this.#loops.innerPortIn(response.via.branch);
    if (port === undefined || port === this.#inner.port || !this.#ports().includes(port)) return false;
    this.#inner.send(Buffer.from(packet), { address: this.#inner.address, port });
    return true;
  }
}
