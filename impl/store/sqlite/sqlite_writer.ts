import type { DatabaseSync } from 'node:sqlite';
import { setTimeout as delay } from 'node:timers/promises';

import { systemClock } from '../../runtime/clock.ts';
import { StoreUnavailable } from '../store_unavailable.ts';
import { changeFailure, isLocked } from './sqlite_failure.ts';

/** How long a change waits for another program's lock, in milliseconds. */
const PATIENCE_MS = 5000;
/** The pauses between two tries at the lock grow from the first to the last of these, in milliseconds. */
const FIRST_PAUSE_MS = 1;
const LAST_PAUSE_MS = 50;
/** More than any change of the service writes. */
const TRIAL_OCTETS = 32_768;
const TRIAL_KEY = 'trial of the disk';

/**
 * The one connection that changes the store. Its transactions come one after the other. Each takes SQLite's write lock
 * at its start: one that reads first and locks later would fail with SQLITE_BUSY_SNAPSHOT if another process wrote in
 * between. SQLite itself never waits for the lock, as that would stop the event loop and every call with it; the
 * transaction tries again from time to time.
 */
export class SqliteWriter {
  readonly database: DatabaseSync;
  #turn = Promise.resolve();
  #waiting = 0;
  #endTurn: () => void = () => undefined;
  #isChanging = false;
  /** Why the last change was not written; undefined once one is. */
  #problem: StoreUnavailable | undefined;

  /** `database` has a busy timeout of 0. */
  constructor(database: DatabaseSync) {
    this.database = database;
  }

  /** Waits for its turn, without a transaction. The returned function ends it. */
  async turn(): Promise<() => void> {
    const before = this.#turn;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#turn = promise;
    this.#waiting++;
    await before;
    return () => {
      this.#waiting--;
      resolve();
    };
  }

  /** Begins a transaction. Rejects with a StoreUnavailable if others hold the lock for longer than `patienceMs`. */
  async begin(patienceMs = PATIENCE_MS): Promise<void> {
    const deadline = systemClock.monotonic() + patienceMs;
    const endTurn = await this.turn();
    try {
      await this.#lock(deadline);
    } catch (error) {
      endTurn();
      throw this.#failed(error);
    }
    this.#endTurn = endTurn;
    this.#isChanging = false;
  }

  /** Runs a statement of the transaction. `changes`: whether it changes anything. */
  async run<T>(statement: () => T | Promise<T>, changes: boolean): Promise<T> {
    this.#isChanging ||= changes;
    try {
      return await statement();
    } catch (error) {
      throw this.#failed(error);
    }
  }

  /** If it rejects, the transaction still has to be rolled back. */
  async commit(): Promise<void> {
    await this.run(() => this.database.exec('commit'), false);
    if (this.#isChanging) this.#problem = undefined;
    this.#endTurn();
  }

  rollback(): void {
    try {
      // After some errors, a full disk among them, SQLite has rolled back by itself.
      if (this.database.isOpen && this.database.isTransaction) this.database.exec('rollback');
    } finally {
      this.#endTurn();
    }
  }

  /** A transaction of one statement that changes something. */
  async alone<T>(statement: () => T | Promise<T>, patienceMs = PATIENCE_MS): Promise<T> {
    await this.begin(patienceMs);
    try {
      const result = await this.run(statement, true);
      await this.commit();
      return result;
    } catch (error) {
      this.rollback();
      throw error;
    }
  }

  /**
   * Rejects with the last change's problem while it lasts. Only a change that is really written shows that it is over,
   * so this makes one that is as large as any, and takes it back.
   */
  async assertWritable(): Promise<void> {
    if (this.#problem === undefined) return;
    // Whoever has the turn is about to find out.
    if (this.#waiting > 0) throw this.#problem;
    const change = (text: string) => this.alone(() => this.database.exec(text), 0);
    await change(`insert or replace into keys values ('${TRIAL_KEY}', zeroblob(${TRIAL_OCTETS}), 0)`);
    await change(`delete from keys where name = '${TRIAL_KEY}'`);
  }

  async #lock(deadline: number): Promise<void> {
    for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(2 * pauseMs, LAST_PAUSE_MS)) {
      try {
        return this.database.exec('begin immediate');
      } catch (error) {
        if (!isLocked(error) || systemClock.monotonic() >= deadline) throw error;
      }
      await delay(pauseMs);
    }
  }

  #failed(error: unknown): unknown {
    const failure = changeFailure(error);
    if (failure instanceof StoreUnavailable) this.#problem = failure;
    return failure;
  }
}
