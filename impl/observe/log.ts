/** The levels a log can be set to, the quietest first. */
export const LOG_LEVELS = ['silent', 'error', 'warn', 'info', 'debug'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** One structured log line. Values are plain data, and never a secret: no header, body, token or password. */
export interface LogEntry {
  readonly level: Exclude<LogLevel, 'silent'>;
  /** What happened, in dotted form: `api.request`. */
  readonly event: string;
  readonly [field: string]: unknown;
}

export type Log = (entry: LogEntry) => void;
