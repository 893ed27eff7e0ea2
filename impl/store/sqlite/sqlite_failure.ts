import { StoreUnavailable, type StoreProblem } from '../store_unavailable.ts';

/** An error of node:sqlite. */
interface SqliteError extends Error {
  /** SQLite's extended result code (https://www.sqlite.org/rescode.html); its low octet is the primary one. */
  readonly errcode: number;
  readonly errstr: string;
}

/** Primary result codes with a cause outside the service, and what they say of a change. Others are bugs. */
const OUTSIDE = new Map<number, StoreProblem>([
  [5, 'STORE_LOCKED'], // SQLITE_BUSY
  [6, 'STORE_LOCKED'], // SQLITE_LOCKED
  [8, 'STORE_UNWRITABLE'], // SQLITE_READONLY
  [10, 'STORE_UNWRITABLE'], // SQLITE_IOERR
  [11, 'STORE_UNWRITABLE'], // SQLITE_CORRUPT
  [13, 'STORE_FULL'], // SQLITE_FULL
  [14, 'STORE_UNWRITABLE'], // SQLITE_CANTOPEN
  [26, 'STORE_UNWRITABLE'], // SQLITE_NOTADB
]);

function isSqliteError(error: unknown): error is SqliteError {
  return error instanceof Error && 'errcode' in error && 'errstr' in error;
}

function problemOf(error: unknown): StoreProblem | undefined {
  return isSqliteError(error) ? OUTSIDE.get(error.errcode & 0xff) : undefined;
}

/** Whether another connection holds the lock that was asked for. */
export function isLocked(error: unknown): boolean {
  return problemOf(error) === 'STORE_LOCKED';
}

/** A StoreUnavailable for an error of a change whose cause is outside the service; any other error as it is. */
export function changeFailure(error: unknown): unknown {
  const problem = problemOf(error);
  if (problem === undefined || !isSqliteError(error)) return error;
  return new StoreUnavailable(problem, problem === 'STORE_UNWRITABLE' ? error.errstr : undefined);
}

/** The same for an error of a query that changes nothing. */
export function readFailure(error: unknown): unknown {
  if (problemOf(error) === undefined || !isSqliteError(error)) return error;
  return new StoreUnavailable('STORE_UNREADABLE', error.errstr);
}

/** The same for a look-up. A damaged row is told without JSON.parse's text, which quotes what is stored. */
export function lookUpFailure(error: unknown): unknown {
  if (error instanceof SyntaxError) return new StoreUnavailable('STORE_UNREADABLE', 'a row is damaged');
  const isClosed = error instanceof Error && 'code' in error && error.code === 'ERR_INVALID_STATE';
  return isClosed ? new StoreUnavailable('STORE_UNREADABLE', 'it is closed') : readFailure(error);
}
