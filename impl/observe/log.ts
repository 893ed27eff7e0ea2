/** The levels a log can be set to, quietest first. */
export const LOG_LEVELS = ['silent', 'error', 'warn', 'info', 'debug'] as const;
/** One of {@link LOG_LEVELS}. */
export type LogLevel = (typeof LOG_LEVELS)[number];

/** One structured log line. Values are plain data, and never a secret: no header, body, token or password. */
export interface LogEntry {
  readonly level: Exclude<LogLevel, 'silent'>;
  /** What happened, in dotted form: `api.request`. */
  readonly event: string;
  readonly [field: string]: unknown;
}

/** Writes one entry to the log. Never throws. */
export type Log = (entry: LogEntry) => void;
