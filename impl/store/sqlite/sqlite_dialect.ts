import type { DatabaseSync, SQLInputValue } from 'node:sqlite';

import {
  SelectQueryNode,
  SqliteAdapter,
  SqliteDriver,
  SqliteIntrospector,
  SqliteQueryCompiler,
  type CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  type QueryResult,
  type SqliteDatabase,
  type SqliteStatement,
} from 'kysely';

import { readFailure } from './sqlite_failure.ts';
import type { SqliteWriter } from './sqlite_writer.ts';

/** The connections to one store. */
export interface SqliteConnections {
  readonly writer: SqliteWriter;
  /** Sees what is committed, and waits for no writer. A store in memory has none: its one connection does both. */
  readonly reader: DatabaseSync | undefined;
}

/** kysely over node:sqlite: transactions and changes at the writer, other queries at the reader. */
export function sqliteDialect(connections: SqliteConnections): Dialect {
  return {
    createAdapter: () => new SeparateReadersAdapter(),
    createDriver: () => new SeparateReadersDriver(connections),
    createIntrospector: (db) => new SqliteIntrospector(db),
    createQueryCompiler: () => new SqliteQueryCompiler(),
  };
}

class SeparateReadersAdapter extends SqliteAdapter {
  /** The writer puts the transactions in order, so kysely need not; a reader waits for none of them. */
  override get supportsMultipleConnections(): boolean {
    return true;
  }

  /** SQLite rolls back DDL too: a failed migration leaves nothing, and two starting processes do not collide. */
  override get supportsTransactionalDdl(): boolean {
    return true;
  }
}

class SeparateReadersDriver implements Driver {
  readonly #writer: SqliteWriter;
  readonly #writing: SqliteDriver;
  readonly #reading: SqliteDriver | undefined;

  constructor({ writer, reader }: SqliteConnections) {
    this.#writer = writer;
    this.#writing = new SqliteDriver({ database: asKyselyExpects(writer.database) });
    this.#reading = reader && new SqliteDriver({ database: asKyselyExpects(reader) });
  }

  async init(): Promise<void> {
    await this.#writing.init();
    await this.#reading?.init();
  }

  async acquireConnection(): Promise<Session> {
    return new Session(
      this.#writer,
      await this.#writing.acquireConnection(),
      await this.#reading?.acquireConnection(),
    );
  }

  async beginTransaction(session: Session): Promise<void> {
    await this.#writer.begin();
    session.isInTransaction = true;
  }

  async commitTransaction(session: Session): Promise<void> {
    await this.#writer.commit();
    session.isInTransaction = false;
  }

  async rollbackTransaction(session: Session): Promise<void> {
    session.isInTransaction = false;
    this.#writer.rollback();
  }

  async releaseConnection(): Promise<void> {}

  /** The writer is closed last: it then writes the log back into the file. */
  async destroy(): Promise<void> {
    await this.#reading?.destroy();
    await this.#writing.destroy();
  }
}

/** One transaction, or queries that each stand alone. */
class Session implements DatabaseConnection {
  readonly #writer: SqliteWriter;
  readonly #writing: DatabaseConnection;
  readonly #reading: DatabaseConnection | undefined;
  isInTransaction = false;

  constructor(writer: SqliteWriter, writing: DatabaseConnection, reading: DatabaseConnection | undefined) {
    this.#writer = writer;
    this.#writing = writing;
    this.#reading = reading;
  }

  async executeQuery<Row>(query: CompiledQuery): Promise<QueryResult<Row>> {
    const isSelect = SelectQueryNode.is(query.query);
    const change = () => this.#writing.executeQuery<Row>(query);
    if (this.isInTransaction) return this.#writer.run(change, !isSelect);
    return isSelect ? this.#read(query) : this.#writer.alone(change);
  }

  streamQuery(): never {
    throw new Error('this store streams no rows');
  }

  async #read<Row>(query: CompiledQuery): Promise<QueryResult<Row>> {
    // The one connection of a store in memory may be in the middle of a transaction.
    const endTurn = this.#reading === undefined ? await this.#writer.turn() : undefined;
    try {
      return await (this.#reading ?? this.#writing).executeQuery<Row>(query);
    } catch (error) {
      throw readFailure(error);
    } finally {
      endTurn?.();
    }
  }
}

/** Far more texts than this program has. The bound keeps texts with values in them from filling the memory. */
const MOST_STATEMENTS = 256;

/** Prepares each text once, because preparing costs as much as running. */
function asKyselyExpects(database: DatabaseSync): SqliteDatabase {
  const prepared = new Map<string, SqliteStatement>();
  return {
    close: () => database.close(),
    prepare: (sql) => {
      const known = prepared.get(sql);
      if (known !== undefined) return known;
      if (prepared.size >= MOST_STATEMENTS) prepared.clear();
      const statement = statementOf(database, sql);
      prepared.set(sql, statement);
      return statement;
    },
  };
}

function statementOf(database: DatabaseSync, sql: string): SqliteStatement {
  const statement = database.prepare(sql);
  return {
    reader: statement.columns().length > 0,
    all: (parameters) => statement.all(...inputValues(parameters)),
    run: (parameters) => statement.run(...inputValues(parameters)),
    iterate: (parameters) => statement.iterate(...inputValues(parameters)),
  };
}

function inputValues(parameters: readonly unknown[]): SQLInputValue[] {
  return parameters.map((value) => {
    const bindable =
      value === null ||
      typeof value === 'string' ||
      typeof value === 'number' ||
      typeof value === 'bigint' ||
      value instanceof Uint8Array;
    if (!bindable) throw new TypeError(`SQLite cannot bind a value of type ${typeof value}`);
    return value;
  });
}
