import { sql, type Kysely } from 'kysely';
import { DEFAULT_MIGRATION_TABLE, Migrator, type Migration, type MigrationProvider } from 'kysely/migration';

import type { Tables } from './tables.ts';

/** The migrations, in the order of their names. A published one is never changed, only followed by another. */
const MIGRATIONS: Readonly<Record<string, Migration>> = {
  '0001-applications-clients-keys': {
    async up(db: Kysely<never>) {
      await db.schema
        .createTable('accounts')
        .addColumn('account_id', 'text', (c) => c.primaryKey())
        .addColumn('created_at', 'bigint', (c) => c.notNull())
        .execute();
      await db.schema
        .createTable('clients')
        .addColumn('client_id', 'text', (c) => c.primaryKey())
        .addColumn('account_id', 'text', (c) => c.notNull().references('accounts.account_id'))
        .addColumn('secret_hash', 'text', (c) => c.notNull())
        .execute();
      await db.schema
        .createTable('keys')
        .addColumn('name', 'text', (c) => c.primaryKey())
        .addColumn('secret', 'blob', (c) => c.notNull())
        .addColumn('created_at', 'bigint', (c) => c.notNull())
        .execute();
      await db.schema
        .createTable('voice_applications')
        .addColumn('application_id', 'text', (c) => c.primaryKey())
        .addColumn('account_id', 'text', (c) => c.notNull().references('accounts.account_id'))
        .addColumn('profile', 'text', (c) => c.notNull())
        .addColumn('uri_user', 'text', (c) => c.unique())
        .addColumn('credential', 'text')
        .addColumn('allowed_sources', 'text')
        .addColumn('allowed_regions', 'text')
        .addColumn('created_at', 'bigint', (c) => c.notNull())
        .addCheckConstraint(
          'inbound_is_whole',
          sql`(uri_user is null and credential is null and allowed_sources is null and allowed_regions is null)
            or (uri_user is not null and allowed_sources is not null and allowed_regions is not null)`,
        )
        .execute();
      await db.schema
        .createIndex('voice_applications_by_account')
        .on('voice_applications')
        .columns(['account_id', 'created_at', 'application_id'])
        .execute();
    },
  },
  '0002-client-secrets-token-keys': {
    async up(db: Kysely<never>) {
      await db.schema
        .createTable('client_secrets')
        .addColumn('secret_id', 'text', (c) => c.primaryKey())
        .addColumn('client_id', 'text', (c) =>
          c.notNull().references('clients.client_id').onDelete('cascade'),
        )
        .addColumn('secret_hash', 'text', (c) => c.notNull())
        .addColumn('created_at', 'bigint', (c) => c.notNull())
        .addColumn('valid_until', 'bigint')
        .execute();
      await db.schema
        .createIndex('client_secrets_by_client')
        .on('client_secrets')
        .column('client_id')
        .execute();
      await sql`
        insert into client_secrets (secret_id, client_id, secret_hash, created_at)
        select '0001-' || client_id, client_id, secret_hash, created_at
        from clients natural join accounts`.execute(db);
      await db.schema.alterTable('clients').dropColumn('secret_hash').execute();
      await db.schema
        .createTable('token_keys')
        .addColumn('kid', 'text', (c) => c.primaryKey())
        .addColumn('secret', 'blob', (c) => c.notNull())
        .addColumn('created_at', 'bigint', (c) => c.notNull())
        .addColumn('valid_until', 'bigint')
        .execute();
      // Tokens of the old key name neither a key nor a secret. Clients get new ones, signed by a key of the new table.
      await sql`delete from keys where name = 'token-signing'`.execute(db);
    },
  },
  '0003-audit': {
    async up(db: Kysely<never>) {
      // No reference to the application, because entries outlive it.
      await db.schema
        .createTable('audit')
        .addColumn('account_id', 'text', (c) => c.notNull())
        .addColumn('application_id', 'text', (c) => c.notNull())
        .addColumn('sequence', 'integer', (c) => c.notNull())
        .addColumn('changed_at', 'bigint', (c) => c.notNull())
        .addColumn('action', 'text', (c) => c.notNull())
        .addColumn('fields', 'text', (c) => c.notNull())
        .addColumn('client_id', 'text', (c) => c.notNull())
        .addColumn('request_id', 'text', (c) => c.notNull())
        .addColumn('source_address', 'text', (c) => c.notNull())
        .addPrimaryKeyConstraint('audit_key', ['application_id', 'sequence'])
        .execute();
      await db.schema
        .createIndex('audit_by_account')
        .on('audit')
        .columns(['account_id', 'changed_at'])
        .execute();
      await db.schema.createIndex('audit_by_time').on('audit').column('changed_at').execute();
    },
  },
};

const provider: MigrationProvider = { getMigrations: async () => ({ ...MIGRATIONS }) };

/** Runs the migrations that the store has not recorded yet. Rejects with the store's error if one fails. */
export async function migrate(db: Kysely<Tables>): Promise<void> {
  const migrator = new Migrator({ db, provider });
  if (await isNewest(db, migrator)) return;
  const { error } = await migrator.migrateToLatest();
  if (error !== undefined) throw error;
}

/**
 * Whether the store has recorded exactly these migrations. This only reads: the migrator would begin a transaction, and
 * a worker could not start while another program holds the lock.
 */
async function isNewest(db: Kysely<Tables>, migrator: Migrator): Promise<boolean> {
  const migrations = await migrator.getMigrations();
  if (migrations.some(({ executedAt }) => executedAt === undefined)) return false;
  const recorded = await db
    .withTables<{ [DEFAULT_MIGRATION_TABLE]: { name: string } }>()
    .selectFrom(DEFAULT_MIGRATION_TABLE)
    .select('name')
    .execute();
  return recorded.length === migrations.length;
}
