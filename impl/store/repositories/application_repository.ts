import type { Kysely } from 'kysely';

import type { Ipv4Prefix } from '../../net/ipv4_prefix.ts';
import { applicationChange, creation, DELETED } from '../model/audit.ts';
import type { Credential } from '../model/inbound_settings.ts';
import type { ApplicationProfile, InboundSip, VoiceApplication } from '../model/voice_application.ts';
import type { ApplicationRepository } from '../store.ts';
import type { AuditTrail } from './audit_repository.ts';
import { compiledQuery } from './compiled_query.ts';
import type { ApplicationRow, NewApplicationRow, Tables } from './tables.ts';

/**
 * Applications through kysely. `update` is isolated by its transaction, which in SQLite begins with the write lock
 * (see sqlite_dialect.ts).
 */
export function applicationRepository(
  db: Kysely<Tables>,
  now: () => number,
  audit: AuditTrail,
): ApplicationRepository {
  const byId = compiledQuery(
    db
      .selectFrom('voice_applications')
      .selectAll()
      .where('account_id', '=', '')
      .where('application_id', '=', '')
      .compile(),
  );
  return {
    create(application, by) {
      const row: NewApplicationRow = {
        application_id: application.applicationId,
        account_id: application.accountId,
        created_at: now(),
        ...changingColumns(application),
      };
      return db.transaction().execute(async (transaction) => {
        await transaction.insertInto('voice_applications').values(row).execute();
        await audit.record(transaction, application, creation(application), by);
      });
    },

    async get(accountId, applicationId) {
      const [row] = await byId(db, accountId, applicationId);
      return row === undefined ? undefined : applicationOf(row);
    },

    async list(accountId, offset, limit) {
      const ofAccount = db.selectFrom('voice_applications').where('account_id', '=', accountId);
      const rows = await ofAccount
        .selectAll()
        .orderBy('created_at')
        .orderBy('application_id')
        .offset(offset)
        .limit(limit)
        .execute();
      const { total } = await ofAccount
        .select((eb) => eb.fn.countAll().as('total'))
        .executeTakeFirstOrThrow();
      return { items: rows.map(applicationOf), total: Number(total) };
    },

    update(accountId, applicationId, change, by) {
      return db.transaction().execute(async (transaction) => {
        const [row] = await byId(transaction, accountId, applicationId);
        if (row === undefined) return undefined;
        const current = applicationOf(row);
        const outcome = change(current);
        const changed = outcome.next && applicationChange(current, outcome.next);
        if (outcome.next !== undefined && changed !== undefined) {
          await transaction
            .updateTable('voice_applications')
            .set(changingColumns(outcome.next))
            .where('application_id', '=', applicationId)
            .execute();
          await audit.record(transaction, current, changed, by);
        }
        return outcome;
      });
    },

    delete(accountId, applicationId, by) {
      return db.transaction().execute(async (transaction) => {
        const { numDeletedRows } = await transaction
          .deleteFrom('voice_applications')
          .where('account_id', '=', accountId)
          .where('application_id', '=', applicationId)
          .executeTakeFirstOrThrow();
        if (numDeletedRows === 0n) return false;
        await audit.record(transaction, { accountId, applicationId }, DELETED, by);
        return true;
      });
    },
  };
}

type ChangingColumns = Omit<NewApplicationRow, 'application_id' | 'account_id' | 'created_at'>;

function changingColumns({ profile, inbound }: VoiceApplication): ChangingColumns {
  return {
    profile: JSON.stringify(profile),
    uri_user: inbound?.uriUser ?? null,
    credential: jsonOrNull(inbound?.credential),
    allowed_sources: jsonOrNull(inbound?.allowedSources),
    allowed_regions: jsonOrNull(inbound?.allowedRegions),
  };
}

function jsonOrNull(value: unknown): string | null {
  return value === undefined || value === null ? null : JSON.stringify(value);
}

function applicationOf(row: ApplicationRow): VoiceApplication {
  const profile: ApplicationProfile = JSON.parse(row.profile);
  return {
    applicationId: row.application_id,
    accountId: row.account_id,
    profile,
    inbound: inboundOf(row),
  };
}

function inboundOf(row: ApplicationRow): InboundSip | null {
  const { uri_user, credential, allowed_sources, allowed_regions } = row;
  if (uri_user === null || allowed_sources === null || allowed_regions === null) return null;
  const storedCredential: Credential | null = credential === null ? null : JSON.parse(credential);
  const allowedSources: Ipv4Prefix[] = JSON.parse(allowed_sources);
  const allowedRegions: string[] = JSON.parse(allowed_regions);
  return { uriUser: uri_user, credential: storedCredential, allowedSources, allowedRegions };
}
