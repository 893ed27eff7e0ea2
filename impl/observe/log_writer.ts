import { pino } from 'pino';

import type { Log, LogEntry, LogLevel } from './log.ts';
import type { LogOutput } from './log_output.ts';
import { counter, type Sample } from './metric.ts';

/** Keys whose values are never written, compared without case and punctuation. */
const SECRET_KEYS: ReadonlySet<string> = new Set([
  'accesstoken',
  'authorization',
  'clientsecret',
  'cookie',
  'credential',
  'credentials',
  'ha1',
  'password',
  'proxyauthorization',
  'secret',
  'secrethash',
  'setcookie',
  'sipauthpassword',
  'token',
]);
const REDACTED = '[redacted]';
/** An Authorization scheme and its credentials, anywhere in a text. */
const CREDENTIALS = /\b(bearer|basic)\s+[\w.~+/=-]{8,}|\b(digest)\s+\w+\s*=[^\r\n]*/gi;
/** No shorter text holds credentials. */
const MIN_CREDENTIALS = 'digest a=b'.length;

/** Longest string that is written whole; of a longer one the rest is only counted. */
const MAX_TEXT = 8192;
const MAX_ITEMS = 100;
const MAX_DEPTH = 6;
const MAX_JUDGED_KEYS = 1000;

/** Octets that may wait for the log's reader. */
const MAX_BACKLOG = 16 * 1024 * 1024;

/** Characters that JSON leaves as they are, but some readers take for a line end or a command. */
const CONTROL = /[\u007f-\u009f\u2028\u2029]/g;

/** The metrics of the log. */
export const LOG_METRICS = {
  voice_edge_log_lines_dropped_total: counter(
    'Lines of the log that nobody can read: its reader hung or was gone, or its disk was full.',
  ),
};

/** The figures of LOG_METRICS. */
export function logSamples(dropped: number): Sample[] {
  return [{ name: 'voice_edge_log_lines_dropped_total', labels: {}, value: dropped }];
}

/** What {@link logWriter} needs. */
export interface LogWriterOptions {
  readonly level: LogLevel;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly output: LogOutput;
}

/** The log, and control over when it is written. */
export interface LogWriter {
  readonly log: Log;
  /** Starts writing. Until then entries wait. */
  readonly release: () => void;
  /** Writes all waiting entries at once. */
  readonly flush: () => void;
  /** How many entries were dropped until now. */
  readonly dropped: () => number;
}

/**
 * The log: one JSON object per line, by pino. Logging only stores the entry, since it may happen on the path of a SIP
 * message; the entries of one turn of the event loop are formatted and written at its end. Entries beyond a bound that
 * a reader does not read, and those that cannot be written, are counted and dropped. So the log neither stops the
 * service nor fills its memory. The first line that can be written again says how many were lost.
 */
export function logWriter({ level, now, output }: LogWriterOptions): LogWriter {
  let lines = '';
  const logger = pino(
    {
      level,
      base: null,
      timestamp: false,
      formatters: { level: (label) => ({ level: label }), log: (entry) => safeFields(entry) },
    },
    { write: (line: string) => void (lines += line.replaceAll(CONTROL, escaped)) },
  );
  let waiting: { readonly time: number; readonly entry: LogEntry }[] = [];
  let released = false;
  let dropped = 0;
  /** How many of the dropped entries no line in the log tells of. */
  let untold = 0;
  const drop = (count: number): void => {
    dropped += count;
    untold += count;
  };

  const flush = (): void => {
    const entries = waiting;
    waiting = [];
    if (output.backlog() > MAX_BACKLOG) return drop(entries.length);
    const told = untold;
    untold = 0;
    if (told > 0) {
      entries.unshift({ time: now(), entry: { level: 'warn', event: 'log.dropped', lines: told } });
    }
    for (const { time, entry } of entries) {
      const { level: entryLevel, ...fields } = entry;
      logger[entryLevel]({ time: new Date(time).toISOString(), ...fields });
    }
    const written = lines;
    lines = '';
    if (written === '') return;
    output.write(written, (lost) => {
      const isToldLost = told > 0 && lost === entries.length;
      drop(isToldLost ? lost - 1 : lost);
      if (isToldLost) untold += told;
    });
  };
  return {
    log(entry) {
      if (!logger.isLevelEnabled(entry.level)) return;
      waiting.push({ time: now(), entry });
      if (released && waiting.length === 1) setImmediate(flush);
    },
    release() {
      released = true;
      flush();
    },
    flush,
    dropped: () => dropped,
  };
}

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

/** Remembers each key's judgement, because the same few keys come again and again. */
const judgedKeys = new Map<string, boolean>();

function isSecret(key: string): boolean {
  const judged = judgedKeys.get(key);
  if (judged !== undefined) return judged;
  const secret = SECRET_KEYS.has(key.toLowerCase().replaceAll(/[^a-z0-9]/g, ''));
  if (judgedKeys.size < MAX_JUDGED_KEYS) judgedKeys.set(key, secret);
  return secret;
}

/** The fields within bounds, with secrets redacted by key or form. */
function safeFields(fields: object, depth = 1): Record<string, unknown> {
  const safe: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(fields).slice(0, MAX_ITEMS)) {
    safe[safeText(key)] = isSecret(key) ? REDACTED : safeValue(value, depth);
  }
  return safe;
}

function safeValue(value: unknown, depth: number): unknown {
  if (typeof value === 'string') return safeText(value);
  if (typeof value === 'bigint') return String(value);
  if (typeof value !== 'object' || value === null) return value;
  if (value instanceof Error) return safeText(value.stack ?? String(value));
  if (depth === MAX_DEPTH) return '[too deep]';
  if (Array.isArray(value)) return value.slice(0, MAX_ITEMS).map((item) => safeValue(item, depth + 1));
  return safeFields(value, depth + 1);
}

function safeText(text: string): string {
  if (text.length < MIN_CREDENTIALS) return text;
  const kept = text.length > MAX_TEXT ? `${text.slice(0, MAX_TEXT)}… (${text.length} characters)` : text;
  return kept.replaceAll(CREDENTIALS, (_all, scheme = '', digest = '') => `${scheme}${digest} ${REDACTED}`);
}
