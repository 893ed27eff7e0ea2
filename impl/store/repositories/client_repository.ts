import type { Kysely, Transaction } from 'kysely';

import type { ClientRepository, ClientSecretRecord, NewClientSecret, OAuthClient } from '../store.ts';
import { compiledQuery } from './compiled_query.ts';
import type { Tables } from './tables.ts';

/** OAuth clients through kysely. `now` is milliseconds since 1970. */
export function clientRepository(db: Kysely<Tables>, now: () => number): ClientRepository {
  const bySecret = compiledQuery(
    db
      .selectFrom('client_secrets')
      .innerJoin('clients', 'clients.client_id', 'client_secrets.client_id')
      .select(['clients.client_id', 'account_id', 'valid_until'])
      .where('secret_id', '=', '')
      .compile(),
  );
  /** Reads one client, or all if no id is given. */
  const found = async (clientId?: string): Promise<OAuthClient[]> => {
    const rows = await db
      .selectFrom('clients')
      .selectAll()
      .$if(clientId !== undefined, (query) => query.where('client_id', '=', clientId ?? ''))
      .orderBy('client_id')
      .execute();
    const secrets = await goodSecrets(db, now())
      .$if(clientId !== undefined, (query) => query.where('client_id', '=', clientId ?? ''))
      .execute();
    const byClient = Map.groupBy(secrets, ({ client_id }) => client_id);
    return rows.map(({ client_id, account_id }) => ({
      clientId: client_id,
      accountId: account_id,
      secrets: (byClient.get(client_id) ?? []).map(secretOf),
    }));
  };

  return {
    async get(clientId) {
      return (await found(clientId))[0];
    },

    list: () => found(),

    async ofSecret(secretId) {
      const [row] = await bySecret(db, secretId);
      if (row === undefined || (row.valid_until !== null && row.valid_until <= now())) return undefined;
      return { clientId: row.client_id, accountId: row.account_id };
    },

    create: ({ clientId, accountId }, secret) =>
      db.transaction().execute(async (transaction) => {
        await makeAccount(transaction, accountId, now());
        const made = await transaction
          .insertInto('clients')
          .values({ client_id: clientId, account_id: accountId })
          .onConflict((conflict) => conflict.column('client_id').doNothing())
          .returning('client_id')
          .executeTakeFirst();
        if (made === undefined) return false;
        await insertSecret(transaction, clientId, secret, now());
        return true;
      }),

    rotate: (clientId, secret, formerUntil) =>
      db.transaction().execute(async (transaction) => {
        const client = await transaction
          .selectFrom('clients')
          .select('client_id')
          .where('client_id', '=', clientId)
          .executeTakeFirst();
        if (client === undefined) return false;
        await retireSecrets(transaction, clientId, formerUntil, now());
        await insertSecret(transaction, clientId, secret, now());
        return true;
      }),

    move: (clientId, accountId) =>
      db.transaction().execute(async (transaction) => {
        await makeAccount(transaction, accountId, now());
        await transaction
          .updateTable('clients')
          .set({ account_id: accountId })
          .where('client_id', '=', clientId)
          .execute();
      }),

    async remove(clientId) {
      const gone = await db
        .deleteFrom('clients')
        .where('client_id', '=', clientId)
        .returning('client_id')
        .executeTakeFirst();
      return gone !== undefined;
    },

    async isEmpty() {
      const any = await db.selectFrom('clients').select('client_id').limit(1).executeTakeFirst();
      return any === undefined;
    },
  };
}

/** Secrets that are good now, newest first. The one without an end is its client's newest. */
function goodSecrets(db: Kysely<Tables>, now: number) {
  return db
    .selectFrom('client_secrets')
    .selectAll()
    .where((is) => is.or([is('valid_until', 'is', null), is('valid_until', '>', now)]))
    .orderBy((order) => order.case().when('valid_until', 'is', null).then(0).else(1).end())
    .orderBy('created_at', 'desc');
}

/** Deletes a client's secrets. With `formerUntil`, keeps the newest one until then. */
async function retireSecrets(
  transaction: Transaction<Tables>,
  clientId: string,
  formerUntil: number | undefined,
  now: number,
): Promise<void> {
  const former =
    formerUntil === undefined
      ? undefined
      : await goodSecrets(transaction, now).where('client_id', '=', clientId).executeTakeFirst();
  await transaction
    .deleteFrom('client_secrets')
    .where('client_id', '=', clientId)
    .$if(former !== undefined, (query) => query.where('secret_id', '!=', former?.secret_id ?? ''))
    .execute();
  if (former === undefined || formerUntil === undefined) return;
  await transaction
    .updateTable('client_secrets')
    .set({ valid_until: Math.min(formerUntil, former.valid_until ?? formerUntil) })
    .where('secret_id', '=', former.secret_id)
    .execute();
}

async function makeAccount(transaction: Transaction<Tables>, accountId: string, now: number): Promise<void> {
  await transaction
    .insertInto('accounts')
    .values({ account_id: accountId, created_at: now })
    .onConflict((conflict) => conflict.column('account_id').doNothing())
    .execute();
}

async function insertSecret(
  transaction: Transaction<Tables>,
  clientId: string,
  { secretId, secretHash }: NewClientSecret,
  now: number,
): Promise<void> {
  await transaction
    .insertInto('client_secrets')
    .values({
      secret_id: secretId,
      client_id: clientId,
      secret_hash: secretHash,
      created_at: now,
      valid_until: null,
    })
    .execute();
}

function secretOf(row: Tables['client_secrets']): ClientSecretRecord {
  return {
    secretId: row.secret_id,
    secretHash: row.secret_hash,
    createdAt: row.created_at,
    validUntil: row.valid_until ?? undefined,
  };
}
