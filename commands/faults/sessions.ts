import { Session } from '../../harness/run/session.ts';
import type { FaultJob } from './job.ts';
import type { References } from './references.ts';

/** The session of a lab. Its witnesses are kept as long as one process is the reference with one fault after another. */
export class Sessions {
  readonly #references: References;
  readonly #folder: string;
  #kept: { readonly session: Session; readonly ended: Promise<void> } | undefined;

  /** @param folder for logs and what witnesses keep */
  constructor(references: References, folder: string) {
    this.#references = references;
    this.#folder = folder;
  }

  /** A session with the reference that the job asks for. `release` is to be called with it when the job is done. */
  async for(job: FaultJob): Promise<Session> {
    const { descriptor, ended } = await this.#references.for(job);
    const { session: kept, ended: keptEnded } = this.#kept ?? {};
    if (kept && ended === keptEnded && kept.earlyEnd === undefined) return kept;
    await this.#stopKept();
    const session = await Session.start({
      descriptor,
      placeName: 'lab',
      folder: this.#folder,
      seed: 0,
      onProgress: () => undefined,
    });
    if (ended) {
      this.#kept = { session, ended };
      const sentence = 'the reference ended in the middle of the job';
      void ended.then(() => session.finish({ kind: 'target-ended', sentence }));
    }
    return session;
  }

  /** Stops a session that no other job can use. */
  async release(session: Session): Promise<void> {
    if (session !== this.#kept?.session) await session.stop();
  }

  /** Ends everything. */
  async end(): Promise<void> {
    await this.#stopKept();
    await this.#references.end();
  }

  async #stopKept(): Promise<void> {
    const { session } = this.#kept ?? {};
    this.#kept = undefined;
    await session?.stop();
  }
}
