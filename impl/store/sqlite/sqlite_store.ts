import { closeSync, openSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';

import { Kysely } from 'kysely';

import { applicationRepository } from '../repositories/application_repository.ts';
import { AUDIT_RETENTION_MS, auditTrail } from '../repositories/audit_repository.ts';
import { clientRepository } from '../repositories/client_repository.ts';
import { keyRepository } from '../repositories/key_repository.ts';
import { migrate } from '../repositories/migrations.ts';
import type { Tables } from '../repositories/tables.ts';
import { tokenKeyRepository } from '../repositories/token_key_repository.ts';
import type { Store } from '../store.ts';
import { sqliteDialect } from './sqlite_dialect.ts';
import { sqliteInboundDirectory } from './sqlite_directory.ts';
import { SqliteWriter } from './sqlite_writer.ts';

/** The path of a store in memory. */
export const IN_MEMORY = ':memory:';

/** How long the start waits for another process's write, in milliseconds. It blocks the event loop, which serves nobody yet. */
const START_PATIENCE_MS = 5000;
/** A reader waits for no writer. After a crash another process mends the log, which takes a moment, in milliseconds. */
const MENDING_MS = 50;

/**
 * Opens or creates the SQLite store at `path` (or `:memory:`) and migrates it to the newest schema. `now` is
 * milliseconds since 1970. Rejects with SQLite's error if the file cannot be opened or is not a database.
 */
export async function openSqliteStore(
  path: string,
  now: () => number,
  auditRetentionMs = AUDIT_RETENTION_MS,
): Promise<Store> {
  // The file holds H(A1) values and server keys. SQLite gives the -wal and -shm files the same mode.
  if (path !== IN_MEMORY) closeSync(openSync(path, 'a', 0o600));
  await using opening = new AsyncDisposableStack();
  const database = opening.adopt(
    new DatabaseSync(path, { timeout: START_PATIENCE_MS, enableForeignKeyConstraints: true }),
    closed,
  );
  // Memory-mapped files are not used: an error of the disk would end the process instead of a query.
  database.exec('pragma journal_mode = wal; pragma synchronous = normal; pragma mmap_size = 0;');
  const reader =
    path === IN_MEMORY
      ? undefined
      : opening.adopt(new DatabaseSync(path, { timeout: MENDING_MS, readOnly: true }), closed);
  const writer = new SqliteWriter(database);
  const db = new Kysely<Tables>({ dialect: sqliteDialect({ writer, reader }) });
  await migrate(db);
  database.exec('pragma busy_timeout = 0');
  const audit = auditTrail(db, now, auditRetentionMs);
  const inbound = sqliteInboundDirectory(reader ?? database);
  opening.move();
  return {
    applications: applicationRepository(db, now, audit),
    audit,
    clients: clientRepository(db, now),
    keys: keyRepository(db, now),
    tokenKeys: tokenKeyRepository(db, now),
    inbound,
    async ping() {
      await db.selectFrom('accounts').select('account_id').limit(1).execute();
      await writer.assertWritable();
    },
    close: () => db.destroy(),
  };
}

function closed(database: DatabaseSync): void {
  if (database.isOpen) database.close();
}
