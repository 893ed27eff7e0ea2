import { sql, type Kysely } from 'kysely';
import { Migrator, type Migration, type MigrationProvider } from 'kysely/migration';

import type { Tables } from './tables.ts';

/** In the order of their names; a published one is never changed, only followed by another. */
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
};

const provider: MigrationProvider = { getMigrations: async () => ({ ...MIGRATIONS }) };

/** Brings the store to the newest form; what has run is recorded in it. Throws what the store says if one fails. */
export async function migrate(db: Kysely<Tables>): Promise<void> {
  const { error } = await new Migrator({ db, provider }).migrateToLatest();
  if (error !== undefined) throw error;
}
