import { closeSync, openSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';

import { Kysely, sql } from 'kysely';

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

/** The path of a store in memory. */
export const IN_MEMORY = ':memory:';

/** How long a write waits for another process's write, in milliseconds. It blocks the event loop. */
const BUSY_TIMEOUT_MS = 1000;
/** Octets of the file that are memory-mapped: a look-up among 100,000 applications is then a fifth faster. */
const MAPPED_OCTETS = 1 << 30;

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
  const database = new DatabaseSync(path, {
    timeout: BUSY_TIMEOUT_MS,
    enableForeignKeyConstraints: true,
  });
  try {
    database.exec(
      `pragma journal_mode = wal; pragma synchronous = normal; pragma mmap_size = ${MAPPED_OCTETS};`,
    );
    const db = new Kysely<Tables>({ dialect: sqliteDialect(database) });
    await migrate(db);
    const audit = auditTrail(db, now, auditRetentionMs);
    return {
      applications: applicationRepository(db, now, audit),
      audit,
      clients: clientRepository(db, now),
      keys: keyRepository(db, now),
      tokenKeys: tokenKeyRepository(db, now),
      inbound: sqliteInboundDirectory(database),
      ping: async () => {
        await sql`select 1`.execute(db);
      },
      close: () => db.destroy(),
    };
  } catch (error) {
    database.close();
    throw error;
  }
}
