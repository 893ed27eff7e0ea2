import type { Kysely } from 'kysely';

import type { KeyRepository } from '../store.ts';
import type { Tables } from './tables.ts';

/** The server's own keys through kysely. */
export function keyRepository(db: Kysely<Tables>, now: () => number): KeyRepository {
  return {
    async getOrCreate(name, fresh) {
      // A worker that starts while another program holds the write lock still finds the key.
      const known = await db.selectFrom('keys').select('secret').where('name', '=', name).executeTakeFirst();
      if (known !== undefined) return Buffer.from(known.secret);
      await db
        .insertInto('keys')
        .values({ name, secret: fresh(), created_at: now() })
        .onConflict((conflict) => conflict.column('name').doNothing())
        .execute();
      const { secret } = await db
        .selectFrom('keys')
        .select('secret')
        .where('name', '=', name)
        .executeTakeFirstOrThrow();
      return Buffer.from(secret);
    },
  };
}
