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

export const IN_MEMORY = ':memory:';

/** How long a write waits for another process's, in milliseconds; the event loop stands still meanwhile. */
const BUSY_TIMEOUT_MS = 1000;
/** Read where the kernel has it, without a copy: among 100,000 applications a look-up is then a fifth faster. */
const MAPPED_OCTETS = 1 << 30;

/**
 * Opens, or makes, the SQLite store at `path` (or `:memory:`) and brings it to the newest form. `now` is
 * milliseconds since 1970. Throws where the file cannot be opened or is no database.
 */
export async function openSqliteStore(
  path: string,
  now: () => number,
  auditRetentionMs = AUDIT_RETENTION_MS,
): Promise<Store> {
  // The file holds H(A1) values and server keys; SQLite gives its companions (-wal, -shm) the same mode.
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
