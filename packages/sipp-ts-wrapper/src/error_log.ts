/** One entry of SIPp's error log. */
export interface LogEntry {
  /** Epoch milliseconds. */
  time: number;
  /** SIPp's sentence, including the messages it quotes. */
  text: string;
}

/** Entries follow each other without a line break. Each starts with its time, written three times. */
const STAMP = /\d{4}-\d\d-\d\d\t\d\d:\d\d:\d\d\.\d{6}\t(\d+\.\d{6}): /g;

/** The entries of a `-trace_err` file, or of SIPp's standard error. */
export function logEntries(log: string): LogEntry[] {
  const stamps = [...log.matchAll(STAMP)];
  return stamps.map((stamp, index) => ({
    time: Math.round(Number(stamp[1]) * 1e6) / 1e3,
    text: log.slice(stamp.index + stamp[0].length, stamps[index + 1]?.index).trimEnd(),
  }));
}

/** What an entry means, as far as it is known. */
export type Incident =
  /** `sending`: it came during a step that waits for nothing. */
  | { kind: 'unexpected'; callId: string; step: number; message: string; sending: boolean }
  | { kind: 'unexpected-method'; callId: string; method: string }
  | { kind: 'receive-timeout'; callId: string; step: number }
  | { kind: 'send-timeout'; callId: string; step: number }
  | { kind: 'unanswered'; callId: string }
  | { kind: 'check'; sentence: string }
  | { kind: 'overall-timeout' }
  | { kind: 'cut'; callId: string }
  | { kind: 'refused'; reason: string }
  | { kind: 'other'; sentence: string };

const PATTERNS: readonly (readonly [RegExp, (match: RegExpExecArray) => Incident])[] = [
  [
    /^\w+ call on unexpected message for Call-Id '(.*?)': while (?:expecting '.*?'|(sending)) \(index (\d+)\), received '([\s\S]*?)'?$/,
    (m) => ({
      kind: 'unexpected',
      callId: m[1]!,
      step: Number(m[3]),
      message: m[4]!,
      sending: m[2] !== undefined,
    }),
  ],
  [
    /^(?:Aborting|Continuing) call on (?:an )?unexpected (\w+) for call: (.*)$/,
    (m) => ({ kind: 'unexpected-method', callId: m[2]!, method: m[1]! }),
  ],
  [
    /^Call-Id: (.*), receive timeout on message .*:(\d+) without label/,
    (m) => ({ kind: 'receive-timeout', callId: m[1]!, step: Number(m[2]) }),
  ],
  [
    /^Call-Id: (.*), send timeout on message .*:(\d+): aborting call/,
    (m) => ({ kind: 'send-timeout', callId: m[1]!, step: Number(m[2]) }),
  ],
  [
    /^Aborting call on UDP retransmission timeout for Call-ID '(.*)'$/,
    (m) => ({ kind: 'unanswered', callId: m[1]! }),
  ],
  [
    /^Failed regexp match: looking in '([\s\S]*)', with regexp '([\s\S]*)'$/,
    (m) => ({ kind: 'check', sentence: `no match of /${m[2]}/ in ${headline(m[1]!)}` }),
  ],
  [
    /^Regexp matched but should not: looking in '([\s\S]*)', with regexp '([\s\S]*)'$/,
    (m) => ({ kind: 'check', sentence: `a forbidden match of /${m[2]}/ in ${headline(m[1]!)}` }),
  ],
  [
    /^Failed regexp match: header (.*?):? not found in message/,
    (m) => ({ kind: 'check', sentence: `no header ${m[1]} in the message` }),
  ],
  [/^Failed regexp match: (.*)/, (m) => ({ kind: 'check', sentence: m[1]! })],
  [/^(test ".*" with check_it\w*) failed$/, (m) => ({ kind: 'check', sentence: `${m[1]} failed` })],
  [
    /^(strcmp [\s\S]* with check_it\w*) returned -?\d+$/,
    (m) => ({ kind: 'check', sentence: `${m[1]} failed` }),
  ],
  [/^.* timed out after '[\d.]+' seconds$/, () => ({ kind: 'overall-timeout' })],
  [/^Aborted call with Call-ID '(.*)'$/, (m) => ({ kind: 'cut', callId: m[1]! })],
  [
    /^(?:Error on TCP connection, remote peer probably closed the socket|Unable to connect a TCP.*?|Unable to send \w+ message): (.*)$/,
    (m) => ({ kind: 'refused', reason: m[1]! }),
  ],
];

/** Reads SIPp's sentence. Never fails: an unknown one is `other`, with its first line. */
export function incident(text: string): Incident {
  for (const [pattern, read] of PATTERNS) {
    const match = pattern.exec(text);
    if (match !== null) return read(match);
  }
  return { kind: 'other', sentence: text.split('\n', 1)[0]! };
}

/** A message's short name in sentences: `403 Forbidden`, or the method of a request. */
export function headline(message: string): string {
  const line = message.split(/\r?\n/, 1)[0]!;
  const status = /^SIP\/2\.0 (\d{3}.*)$/.exec(line)?.[1];
  if (status !== undefined) return status.trimEnd();
  return /^(\S+) \S+ SIP\/2\.0$/.exec(line)?.[1] ?? (line.length > 60 ? `${line.slice(0, 60)}…` : line);
}
