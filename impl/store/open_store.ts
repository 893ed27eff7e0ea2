import { openSqliteStore } from './sqlite/sqlite_store.ts';
import type { Store } from './store.ts';

/** The configuration of the store. */
export interface StoreConfig {
  /** The path of an SQLite file, or `:memory:`. */
  readonly database: string;
  readonly audit: { readonly retentionDays: number };
}

const DAY_MS = 86_400_000;

/**
 * Opens the configured store, for the service, a worker or an administrator. `now` is milliseconds since 1970.
 * Rejects with the engine's error if the store cannot be opened.
 */
export function openStore({ database, audit }: StoreConfig, now: () => number): Promise<Store> {
  return openSqliteStore(database, now, audit.retentionDays * DAY_MS);
}
