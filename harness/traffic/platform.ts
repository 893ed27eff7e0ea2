import { closeSync, openSync, readSync } from 'node:fs';
import { TraceParser, type TracedMessage } from 'sipp-ts-wrapper';
import type { PlatformFacts } from '../run/facts.ts';

const CHUNK_BYTES = 256 * 1024;
const CALL_ID = /^(?:Call-ID|i)[ \t]*:[ \t]*(\S+)/im;

/** The Call-ID of a message as SIPp traced it; undefined where it has none. */
export function callIdIn(text: string): string | undefined {
  return CALL_ID.exec(text)?.[1];
}

/** What the voice platform's stand-in says it saw, call by call, read from its trace while that grows. */
export class PlatformWitness {
  readonly endpoint: { readonly address: string; readonly port: number };
  private readonly file: number;
  private readonly parser = new TraceParser();
  private readonly chunk = Buffer.alloc(CHUNK_BYTES);
  private readonly calls = new Map<string, TracedMessage[]>();
  private offset = 0;

  constructor(facts: PlatformFacts) {
    this.endpoint = { address: facts.host, port: facts.port };
    this.file = openSync(facts.trace, 'r');
  }

  /** The messages of the call so far, as the stand-in traced them. */
  messages(callId: string): readonly TracedMessage[] {
    this.readOn();
    return this.calls.get(callId) ?? [];
  }

  close(): void {
    closeSync(this.file);
  }

  private readOn(): void {
    for (;;) {
      const length = readSync(this.file, this.chunk, 0, CHUNK_BYTES, this.offset);
      if (length === 0) return;
      this.offset += length;
      for (const message of this.parser.push(this.chunk.subarray(0, length))) this.keep(message);
    }
  }

  private keep(message: TracedMessage): void {
    const callId = callIdIn(message.text);
    if (callId === undefined) return;
    const known = this.calls.get(callId);
    if (known) known.push(message);
    else this.calls.set(callId, [message]);
  }
}
