import type { CompiledQuery, Kysely } from 'kysely';

import type { Tables } from './tables.ts';

/**
 * A query that runs on every call of the API. It is built once, because building costs more than running. The values
 * in `compiled` are placeholders; pass the real ones in the order in which the query was built with them.
 */
export function compiledQuery<Row>(
  compiled: CompiledQuery<Row>,
): (db: Kysely<Tables>, ...values: readonly unknown[]) => Promise<Row[]> {
  return async (db, ...values) => (await db.executeQuery<Row>({ ...compiled, parameters: values })).rows;
}
