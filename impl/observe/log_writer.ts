import { pino } from 'pino';

import type { Log, LogEntry, LogLevel } from './log.ts';

/** Keys under which nothing is ever written, compared without case and punctuation. */
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
/** A scheme of the Authorization header and what follows it, wherever in a text it stands. */
const CREDENTIALS = /\b(bearer|basic)\s+[\w.~+/=-]{8,}|\b(digest)\s+\w+\s*=[^\r\n]*/gi;
/** No shorter text holds any. */
const MIN_CREDENTIALS = 'digest a=b'.length;

/** Characters of a string beyond these are only counted. */
const MAX_TEXT = 8192;
const MAX_ITEMS = 100;
const MAX_DEPTH = 6;
const MAX_JUDGED_KEYS = 1000;

/** Octets that may wait for whoever reads the log. */
const MAX_BACKLOG = 16 * 1024 * 1024;

/** What JSON leaves as it is and some readers take for the end of a line or for a command. */
const CONTROL = /[\u007f-\u009f\u2028\u2029]/g;

export interface LogWriterOptions {
  readonly level: LogLevel;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Takes whole lines. */
  readonly write: (lines: string) => void;
  /** Octets that were written and that nobody has read yet. */
  readonly backlog: () => number;
}

export interface LogWriter {
  readonly log: Log;
  /** From now on lines are written; until then they wait. */
  readonly release: () => void;
  /** Writes at once what still waits. */
  readonly flush: () => void;
}

/**
 * The log: a JSON object a line, by pino. An entry is only kept where it happens, which may be the path of a SIP
 * message; those of one turn of the event loop are made into lines, and written, at its end. While nobody reads what was
 * written, what comes beyond a bound is counted and dropped: a reader that hangs neither stops the service nor fills its
 * memory.
 */
export function logWriter({ level, now, write, backlog }: LogWriterOptions): LogWriter {
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

  const flush = (): void => {
    const entries = waiting;
    waiting = [];
    if (backlog() > MAX_BACKLOG) {
      dropped += entries.length;
      return;
    }
    if (dropped > 0) {
      entries.unshift({ time: now(), entry: { level: 'warn', event: 'log.dropped', lines: dropped } });
      dropped = 0;
    }
    for (const { time, entry } of entries) {
      const { level: entryLevel, ...fields } = entry;
      logger[entryLevel]({ time: new Date(time).toISOString(), ...fields });
    }
    if (lines !== '') write(lines);
    lines = '';
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
  };
}

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

/** Keys are few and come again and again. */
const judgedKeys = new Map<string, boolean>();

function isSecret(key: string): boolean {
  const judged = judgedKeys.get(key);
  if (judged !== undefined) return judged;
  const secret = SECRET_KEYS.has(key.toLowerCase().replaceAll(/[^a-z0-9]/g, ''));
  if (judgedKeys.size < MAX_JUDGED_KEYS) judgedKeys.set(key, secret);
  return secret;
}

/** The fields without what is secret by its key or its form, and within bounds. */
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
