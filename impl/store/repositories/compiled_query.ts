import type { CompiledQuery, Kysely } from 'kysely';

import type { Tables } from './tables.ts';

/**
 * A query of the path of every call on the API, built once: building costs more than running it. `compiled` holds any
 * values; the ones to run it with come in the order in which they were named when it was built.
 */
export function compiledQuery<Row>(
  compiled: CompiledQuery<Row>,
): (db: Kysely<Tables>, ...values: readonly unknown[]) => Promise<Row[]> {
  return async (db, ...values) => (await db.executeQuery<Row>({ ...compiled, parameters: values })).rows;
}
