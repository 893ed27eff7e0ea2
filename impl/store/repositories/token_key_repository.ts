import type { Kysely, Transaction } from 'kysely';

import type { TokenKey, TokenKeyRepository } from '../store.ts';
import { compiledQuery } from './compiled_query.ts';
import type { Tables } from './tables.ts';

/** The keys of access tokens through kysely. `now` is milliseconds since 1970. */
export function tokenKeyRepository(db: Kysely<Tables>, now: () => number): TokenKeyRepository {
  const byKid = compiledQuery(db.selectFrom('token_keys').selectAll().where('kid', '=', '').compile());
  return {
    async current(fresh) {
      const key = await signingKey(db);
      if (key !== undefined) return key;
      return db.transaction().execute(async (transaction) => {
        const made = await signingKey(transaction);
        if (made !== undefined) return made;
        const first = fresh();
        await insertKey(transaction, first, now());
        return first;
      });
    },

    async get(kid) {
      const [row] = await byKid(db, kid);
      if (row === undefined || (row.valid_until !== null && row.valid_until <= now())) return undefined;
      return keyOf(row);
    },

    async list() {
      const rows = await db
        .selectFrom('token_keys')
        .select(['kid', 'created_at', 'valid_until'])
        .where((is) => is.or([is('valid_until', 'is', null), is('valid_until', '>', now())]))
        .orderBy((order) => order.case().when('valid_until', 'is', null).then(0).else(1).end())
        .orderBy('created_at', 'desc')
        .execute();
      return rows.map((row) => ({
        kid: row.kid,
        createdAt: row.created_at,
        validUntil: row.valid_until ?? undefined,
      }));
    },

    roll: (key, formerUntil) =>
      db.transaction().execute(async (transaction) => {
        await transaction
          .deleteFrom('token_keys')
          .$if(formerUntil !== undefined, (query) => query.where('valid_until', '<=', now()))
          .execute();
        await transaction
          .updateTable('token_keys')
          .set({ valid_until: formerUntil ?? null })
          .where('valid_until', 'is', null)
          .execute();
        await insertKey(transaction, key, now());
      }),

    async drop(kid) {
      const gone = await db
        .deleteFrom('token_keys')
        .where('kid', '=', kid)
        .where('valid_until', 'is not', null)
        .returning('kid')
        .executeTakeFirst();
      return gone !== undefined;
    },
  };
}

async function signingKey(db: Kysely<Tables>): Promise<TokenKey | undefined> {
  const row = await db
    .selectFrom('token_keys')
    .selectAll()
    .where('valid_until', 'is', null)
    .executeTakeFirst();
  return row === undefined ? undefined : keyOf(row);
}

async function insertKey(
  transaction: Transaction<Tables>,
  { kid, secret }: TokenKey,
  now: number,
): Promise<void> {
  await transaction
    .insertInto('token_keys')
    .values({ kid, secret, created_at: now, valid_until: null })
    .execute();
}

function keyOf({ kid, secret }: Tables['token_keys']): TokenKey {
  return { kid, secret: Buffer.from(secret) };
}
