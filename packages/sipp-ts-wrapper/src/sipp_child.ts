import { launch, type Launched } from './launcher.ts';
import { killGroup } from './process_group.ts';
import { SippError } from './sipp_error.ts';

/** Why a run was ended from outside. */
export type EndCause = 'timeout' | 'aborted' | 'stopped';

/** How a SIPp process ended. */
export interface Exit {
  code: number | null;
  signal: NodeJS.Signals | null;
  durationMs: number;
  /** The first cause that ended the run from outside; undefined where SIPp ended by itself. */
  cause: EndCause | undefined;
  /** Whether open calls were cut: SIPp was told to end at once. */
  forced: boolean;
}

/** Time from SIGTERM to SIGKILL. On SIGTERM, SIPp writes its counters and ends within a tick of its loop. */
const KILL_AFTER_MS = 300;

/** One running SIPp, in a process group of its own. Its screen output is discarded. */
export class SippChild {
  readonly pid: number;
  readonly exited: Promise<Exit>;
  #cause: EndCause | undefined;
  #forced = false;
  #ended = false;
  #timers: NodeJS.Timeout[] = [];

  private constructor({ pid, ended }: Launched) {
    this.pid = pid;
    this.exited = ended
      .catch((cause: unknown) => {
        throw new SippError('SIPP_LOST', `nobody knows how SIPp ended (${String(cause)})`);
      })
      .finally(() => {
        this.#ended = true;
        for (const timer of this.#timers) clearTimeout(timer);
      })
      .then(({ code, signal, durationMs }) => ({
        code,
        signal,
        durationMs,
        cause: this.#cause,
        forced: this.#forced,
      }));
    // It may reject when nothing awaits it.
    this.exited.catch(() => undefined);
  }

  /**
   * @param cleanUp runs synchronously if this process exits before SIPp
   * @throws {SippError} SIPP_MISSING where it cannot be started.
   */
  static async start(
    executable: string,
    args: readonly string[],
    stderrFile: string,
    cleanUp: () => void,
  ): Promise<SippChild> {
    const request = { executable, args, folder: process.cwd(), stderrFile };
    const launched = await launch(request, cleanUp).catch((cause: unknown) => {
      const why = cause instanceof Error ? cause.message : String(cause);
      throw new SippError('SIPP_MISSING', `${executable} cannot be started (${why})`);
    });
    return new SippChild(launched);
  }

  /** Lets open calls end, and cuts those still open after `graceMs`. */
  endGracefully(cause: EndCause, graceMs: number): void {
    if (this.#ended) return;
    this.#cause ??= cause;
    killGroup(this.pid, 'SIGUSR1');
    this.#after(graceMs, () => this.endNow(cause));
  }

  /** Ends SIPp at once, by SIGKILL where it does not react. */
  endNow(cause: EndCause): void {
    if (this.#ended || this.#forced) return;
    this.#cause ??= cause;
    this.#forced = true;
    killGroup(this.pid, 'SIGTERM');
    this.#after(KILL_AFTER_MS, () => killGroup(this.pid, 'SIGKILL'));
  }

  /** Ends SIPp at once when `delayMs` have passed. */
  endAfter(cause: EndCause, delayMs: number): void {
    this.#after(delayMs, () => this.endNow(cause));
  }

  #after(delayMs: number, act: () => void): void {
    this.#timers.push(setTimeout(act, delayMs));
  }
}
