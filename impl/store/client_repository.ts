import type { Kysely } from 'kysely';

import type { ClientRepository } from './store.ts';
import type { Tables } from './tables.ts';

/** OAuth clients through kysely. */
export function clientRepository(db: Kysely<Tables>, now: () => number): ClientRepository {
  return {
    async get(clientId) {
      const row = await db
        .selectFrom('clients')
        .selectAll()
        .where('client_id', '=', clientId)
        .executeTakeFirst();
      if (row === undefined) return undefined;
      return { clientId: row.client_id, accountId: row.account_id, secretHash: row.secret_hash };
    },

    async put({ clientId, accountId, secretHash }) {
      const changing = { account_id: accountId, secret_hash: secretHash };
      await db.transaction().execute(async (transaction) => {
        await transaction
          .insertInto('accounts')
          .values({ account_id: accountId, created_at: now() })
          .onConflict((conflict) => conflict.column('account_id').doNothing())
          .execute();
        await transaction
          .insertInto('clients')
          .values({ client_id: clientId, ...changing })
          .onConflict((conflict) => conflict.column('client_id').doUpdateSet(changing))
          .execute();
      });
    },

    async isEmpty() {
      const any = await db.selectFrom('clients').select('client_id').limit(1).executeTakeFirst();
      return any === undefined;
    },
  };
}
