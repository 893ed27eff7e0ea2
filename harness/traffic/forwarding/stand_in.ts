import { setTimeout as delay } from 'node:timers/promises';

import type { Endpoint } from '../../capture/endpoint.ts';
import type { WireMessage } from '../../capture/sip_messages.ts';
import { HarnessError } from '../../verdict.ts';
import type { VoicePlatform } from '../../witnesses/voice_platform.ts';
import { deliveredOf, type DeliveryWitnesses } from '../delivered.ts';
import { messagesTraced } from '../trace.ts';

const POLL_MS = 2;

/** The stand-in of the voice platform, as those see it who go on with its calls. */
export class StandIn {
  readonly #witnesses: DeliveryWitnesses;
  readonly #service: Endpoint;
  readonly #patienceMs: number;

  constructor(witnesses: DeliveryWitnesses, service: Endpoint, patienceMs: number) {
    this.#witnesses = witnesses;
    this.#service = service;
    this.#patienceMs = patienceMs;
  }

  /** The INVITE that was delivered to it; undefined where none comes in time. */
  async invite(callId: string): Promise<WireMessage | undefined> {
    const { endpoint } = this.#platform;
    const deadline = performance.now() + this.#patienceMs;
    for (;;) {
      const traced = this.#platform.messages(callId);
      const found = messagesTraced(traced, endpoint, this.#service).find(({ method }) => method === 'INVITE');
      if (found || performance.now() > deadline) return found;
      await delay(POLL_MS);
    }
  }

  /** The INVITE that was delivered to it, and its answers. Throws a HarnessError where the witnesses disagree. */
  async told(callId: string): Promise<readonly WireMessage[]> {
    const { address, port } = this.#platform.endpoint;
    const all = (await deliveredOf([callId], this.#witnesses, this.#service)) ?? [];
    return all.filter(
      ({ method, status, cseq, source }) =>
        cseq?.method === 'INVITE' &&
        (method === 'INVITE' || (status !== undefined && source.address === address && source.port === port)),
    );
  }

  get #platform(): VoicePlatform {
    const { voicePlatform } = this.#witnesses;
    if (!voicePlatform) throw new HarnessError('no stand-in of ours receives what is delivered');
    return voicePlatform;
  }
}
