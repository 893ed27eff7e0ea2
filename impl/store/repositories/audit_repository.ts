import type { Kysely } from 'kysely';

import type { ApplicationChange, AuditEntry, ChangeAuthor } from '../model/audit.ts';
import type { AuditRepository } from '../store.ts';
import { compiledQuery } from './compiled_query.ts';
import type { AuditRow, Tables } from './tables.ts';

/** How long entries are kept by default, in milliseconds. */
export const AUDIT_RETENTION_MS = 365 * 86_400_000;

/** How often old entries are deleted. Until then they are not shown. */
const SWEEP_MS = 3_600_000;

/** The audit trail as the application repository uses it: a change and its entry are written together. */
export interface AuditTrail extends AuditRepository {
  /** Writes an entry; `db` is the transaction of the change. Now and then deletes the entries that are too old. */
  record(
    db: Kysely<Tables>,
    of: { readonly accountId: string; readonly applicationId: string },
    change: ApplicationChange,
    author: ChangeAuthor,
  ): Promise<void>;
}

/** The audit trail through kysely. It shows no entry older than `retentionMs`. */
export function auditTrail(db: Kysely<Tables>, now: () => number, retentionMs: number): AuditTrail {
  const lastSequence = compiledQuery(
    db
      .selectFrom('audit')
      .select((eb) => eb.fn.max('sequence').as('last'))
      .where('application_id', '=', '')
      .compile(),
  );
  let sweptAt = Number.NEGATIVE_INFINITY;
  const sweep = async (transaction: Kysely<Tables>, at: number): Promise<void> => {
    if (at - sweptAt < Math.min(SWEEP_MS, retentionMs)) return;
    sweptAt = at;
    await transaction
      .deleteFrom('audit')
      .where('changed_at', '<', at - retentionMs)
      .execute();
  };
  return {
    async record(transaction, { accountId, applicationId }, { action, fields }, author) {
      const at = now();
      await sweep(transaction, at);
      const [found] = await lastSequence(transaction, applicationId);
      await transaction
        .insertInto('audit')
        .values({
          account_id: accountId,
          application_id: applicationId,
          sequence: (found?.last ?? 0) + 1,
          changed_at: at,
          action,
          fields: JSON.stringify(fields),
          client_id: author.clientId,
          request_id: author.requestId,
          source_address: author.sourceAddress,
        })
        .execute();
    },

    async list(accountId, { applicationId, offset, limit }) {
      let entries = db
        .selectFrom('audit')
        .where('account_id', '=', accountId)
        .where('changed_at', '>=', now() - retentionMs);
      if (applicationId !== undefined) entries = entries.where('application_id', '=', applicationId);
      const rows = await entries
        .selectAll()
        // Of one application the sequence is the order, also if a process's clock was behind that of an earlier one.
        .$if(applicationId === undefined, (all) =>
          all.orderBy('changed_at', 'desc').orderBy('application_id'),
        )
        .orderBy('sequence', 'desc')
        .offset(offset)
        .limit(limit)
        .execute();
      const { total } = await entries.select((eb) => eb.fn.countAll().as('total')).executeTakeFirstOrThrow();
      return { items: rows.map(entryOf), total: Number(total) };
    },
  };
}

function entryOf(row: AuditRow): AuditEntry {
  const fields: string[] = JSON.parse(row.fields);
  return {
    accountId: row.account_id,
    applicationId: row.application_id,
    at: row.changed_at,
    action: row.action,
    fields,
    author: { clientId: row.client_id, requestId: row.request_id, sourceAddress: row.source_address },
  };
}
