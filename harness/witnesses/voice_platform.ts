import { closeSync, openSync, readSync } from 'node:fs';

import { SippError, startSipp, TraceParser, type TracedMessage } from 'sipp-ts-wrapper';

import type { Endpoint } from '../capture/endpoint.ts';
import { callIdOf } from '../capture/sip_head.ts';
import { assertSafeToSend } from '../lab/guard.ts';
import { HarnessError } from '../verdict.ts';
import type { OpenedWitness, Witness } from './witness.ts';

/**
 * How SIPp stands in for the voice platform. What comes too late or once more is dropped: a request that matters is
 * repeated.
 */
export const STAND_IN = {
  scenario: 'scenarios/sip/voice-platform.xml',
  calls: 'unbounded',
  defaultBehaviors: ['all', '-abortunexp'],
} as const;
const CHUNK_BYTES = 256 * 1024;

/** Where the target delivers calls to while a run lasts. */
interface VoicePlatformFacts {
  readonly endpoint: Endpoint;
  /** The stand-in's message trace; it grows while the run lasts. */
  readonly trace: string;
}

/** The voice platform's stand-in: a SIPp process that answers what the target delivers. */
export const voicePlatform: Witness<VoicePlatformFacts, VoicePlatform> = {
  name: "the voice platform's stand-in",
  watches: 'downstream-sip',

  async start({ place, placeName }) {
    if (!place.platform)
      return {
        absent: `nobody of ours stands where calls are delivered: the place "${placeName}" has no platform`,
      };
    const { host: address, port } = place.platform;
    assertSafeToSend(address);
    const sipp = await startSipp({ ...STAND_IN, local: { address, port } });
    return {
      facts: { endpoint: { address, port }, trace: sipp.messageTrace },
      ended: sipp.exited.then(
        ({ reason }) => reason,
        (error: unknown) => String(error),
      ),
      async stop() {
        await sipp.stop(0);
        return undefined;
      },
    };
  },

  open: (facts) => new VoicePlatform(facts),
};

/** What the voice platform's stand-in says it saw, call by call: its trace, read while it grows. */
export class VoicePlatform implements OpenedWitness {
  readonly endpoint: Endpoint;
  readonly #file: number;
  readonly #parser = new TraceParser();
  readonly #chunk = Buffer.alloc(CHUNK_BYTES);
  readonly #calls = new Map<string, TracedMessage[]>();
  #offset = 0;

  constructor({ endpoint, trace }: VoicePlatformFacts) {
    this.endpoint = endpoint;
    this.#file = openSync(trace, 'r');
  }

  /**
   * The messages of the call so far, as the stand-in traced them. Throws a HarnessError where the trace cannot be read.
   */
  messages(callId: string): readonly TracedMessage[] {
    try {
      this.#readOn();
    } catch (error) {
      throw error instanceof SippError ? new HarnessError(error.message, { cause: error }) : error;
    }
    return this.#calls.get(callId) ?? [];
  }

  close(): void {
    closeSync(this.#file);
  }

  #readOn(): void {
    for (;;) {
      const length = readSync(this.#file, this.#chunk, 0, CHUNK_BYTES, this.#offset);
      if (length === 0) return;
      this.#offset += length;
      for (const message of this.#parser.push(this.#chunk.subarray(0, length))) this.#keep(message);
    }
  }

  #keep(message: TracedMessage): void {
    const callId = callIdOf(message.text);
    if (callId === undefined) return;
    const known = this.#calls.get(callId);
    if (known) known.push(message);
    else this.#calls.set(callId, [message]);
  }
}
