/** One structured log line. Values are plain data, and never a secret: no header, body, token or password. */
export interface LogEntry {
  readonly level: 'info' | 'warn' | 'error';
  /** What happened, in dotted form: `api.request`. */
  readonly event: string;
  readonly [field: string]: unknown;
}

export type Log = (entry: LogEntry) => void;
