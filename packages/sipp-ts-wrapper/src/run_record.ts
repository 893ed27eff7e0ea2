import { setTimeout as delay } from 'node:timers/promises';

import type { WorkFiles } from './command.ts';
import { FileTail } from './file_tail.ts';
import { callCounters, counter, StatisticsReader, type SippProgress } from './statistics.ts';
import { TraceParser, type TracedMessage } from './trace_parser.ts';

/** Lets a caller watch and end SIPp while it runs. If a hook throws, SIPp is ended and the run rejects with that. */
export interface SippHooks {
  /** Ends SIPp at once; the result's outcome is then `aborted`. */
  signal?: AbortSignal | undefined;
  /** Called about twice a second, when SIPp has written new counters, and once at the end. */
  onProgress?: ((progress: SippProgress) => void) | undefined;
  /** Called for each message, within some 50 ms of it, in order. Needs `trace.messages`. */
  onMessage?: ((message: TracedMessage) => void) | undefined;
}

const POLL_MS = 50;

/** Reads SIPp's files to their end; already while it runs where a hook watches. */
export class RunRecord {
  readonly messages: TracedMessage[] = [];
  readonly statistics: StatisticsReader;
  readonly #trace: FileTail;
  readonly #counters: FileTail;
  readonly #parser = new TraceParser();
  readonly #hooks: SippHooks;
  readonly #started = performance.now();
  #reported = { elapsedMs: 0, created: 0 };

  constructor(files: WorkFiles, keepAllStatistics: boolean, hooks: SippHooks) {
    this.#trace = new FileTail(files.messages);
    this.#counters = new FileTail(files.statistics);
    this.statistics = new StatisticsReader(keepAllStatistics);
    this.#hooks = hooks;
  }

  /** Reads on until `exited` settles and all is read. Settles as `exited` does, or rejects with what a hook threw. */
  async follow<T>(exited: Promise<T>): Promise<T> {
    if (this.#hooks.onProgress !== undefined || this.#hooks.onMessage !== undefined) {
      while ((await Promise.race([delay(POLL_MS), exited])) === undefined) await this.#readNew();
    }
    const exit = await exited;
    await this.#readNew();
    this.#add(this.#parser.end());
    return exit;
  }

  async close(): Promise<void> {
    await this.#trace.close();
    await this.#counters.close();
  }

  async #readNew(): Promise<void> {
    this.#add(this.#parser.push(await this.#trace.read()));
    const counters = await this.#counters.read();
    if (counters.length === 0) return;
    this.statistics.push(counters);
    this.#report();
  }

  #add(messages: readonly TracedMessage[]): void {
    for (const message of messages) {
      this.messages.push(message);
      this.#hooks.onMessage?.(message);
    }
  }

  #report(): void {
    const row = this.statistics.last;
    if (this.#hooks.onProgress === undefined || row === undefined) return;
    const calls = callCounters(row);
    const elapsedMs = performance.now() - this.#started;
    const seconds = (elapsedMs - this.#reported.elapsedMs) / 1000;
    const rate = seconds > 0 ? (calls.created - this.#reported.created) / seconds : 0;
    this.#reported = { elapsedMs, created: calls.created };
    this.#hooks.onProgress({ elapsedMs, calls, retransmissions: counter(row, 'Retransmissions(C)'), rate });
  }
}
