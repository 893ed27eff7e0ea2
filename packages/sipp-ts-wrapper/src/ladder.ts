import type { TracedMessage } from './trace_parser.ts';

/** One message between two endpoints, from SIPp's trace or from a capture. */
export interface LadderMessage {
  /** Epoch milliseconds. */
  time: number;
  /** Names or addresses; each is a column. */
  from: string;
  to: string;
  /** The SIP message, or anything whose first line describes it. */
  text: string;
}

/** How a ladder is laid out. */
export interface LadderOptions {
  /** Most characters per line, default 120. Labels that do not fit end in `...`. */
  width?: number;
  /** Endpoints from left to right; others follow in the order of appearance. */
  columns?: readonly string[];
  /** Names to write above columns, by endpoint. */
  names?: Readonly<Record<string, string>>;
}

const TIME_WIDTH = 8;
const TIME_GAP = 2;
const NARROWEST = 16;
/** `-- label -->`: what an arrow needs beside its label. */
const ARROW = 7;

/**
 * Draws messages as a ladder in plain ASCII: a column per endpoint, the time in ms since the first message, and the
 * method or status with its CSeq. Marks a message that repeats an earlier one octet for octet.
 */
export function drawLadder(messages: readonly LadderMessage[], options: LadderOptions = {}): string {
  const columns = columnsOf(messages, options.columns ?? []);
  if (columns.length === 0) return '(no messages)\n';
  const titles = columns.map((endpoint) => options.names?.[endpoint] ?? endpoint);
  const labels = labelsOf(messages);
  const span = ({ from, to }: LadderMessage) => Math.abs(columns.indexOf(from) - columns.indexOf(to));
  const wanted = messages.map((message, index) =>
    Math.ceil((labels[index]!.length + ARROW) / (span(message) || 1)),
  );
  const room = Math.floor(
    ((options.width ?? 120) - TIME_WIDTH - TIME_GAP - 1) / Math.max(1, columns.length - 1),
  );
  const widest = [...wanted, ...titles.map(({ length }) => length + 2)].reduce((most, one) =>
    Math.max(most, one),
  );
  const gap = Math.max(NARROWEST, Math.min(room, widest));
  const start = messages[0]?.time ?? 0;
  const lines = [heading(titles, gap)];
  for (const [index, message] of messages.entries()) {
    const offset = String(Math.round(message.time - start)).padStart(TIME_WIDTH);
    const row = lane(
      columns.indexOf(message.from),
      columns.indexOf(message.to),
      columns.length,
      gap,
      labels[index]!,
    );
    lines.push(`${offset}${' '.repeat(TIME_GAP)}${row}`.trimEnd());
  }
  return `${lines.join('\n')}\n`;
}

/**
 * SIPp's trace as messages of a ladder. `remote` names the peer, which the trace does not.
 */
export function ladderMessages(
  messages: readonly TracedMessage[],
  { local, remote }: { local: string; remote: string },
): LadderMessage[] {
  return messages.map(({ time, direction, text }) => ({
    time,
    from: direction === 'sent' ? local : remote,
    to: direction === 'sent' ? remote : local,
    text,
  }));
}

function columnsOf(messages: readonly LadderMessage[], first: readonly string[]): string[] {
  return [...new Set([...first, ...messages.flatMap(({ from, to }) => [from, to])])];
}

function labelsOf(messages: readonly LadderMessage[]): string[] {
  const seen = new Set<string>();
  return messages.map(({ from, to, text }) => {
    const key = JSON.stringify([from, to, text]);
    const again = seen.has(key);
    seen.add(key);
    return messageLabel(text, again);
  });
}

/** A message's label, `407 Proxy Authentication Required (CSeq 1 INVITE)`, in printable ASCII whatever a peer sent. */
export function messageLabel(text: string, again = false): string {
  const line = text.split(/\r?\n/, 1)[0]!;
  const status = /^SIP\/2\.0 (\d{3}.*)$/.exec(line)?.[1];
  const method = /^(\S+) \S.* SIP\/2\.0$/.exec(line)?.[1];
  const cseq = /^CSeq[ \t]*:[ \t]*(\d+)[ \t]+([^\s]+)/im.exec(text);
  const notes = [...(cseq === null ? [] : [`CSeq ${cseq[1]} ${cseq[2]}`]), ...(again ? ['again'] : [])];
  const name = (status ?? method ?? line).trim();
  return `${name}${notes.length === 0 ? '' : ` (${notes.join(', ')})`}`.replace(/[^ -~]/g, '?');
}

function heading(titles: readonly string[], gap: number): string {
  const last = titles.length - 1;
  const cells = titles.map((title, index) => (index === last ? title : clipped(title, gap - 1).padEnd(gap)));
  return `${'ms'.padStart(TIME_WIDTH)}${' '.repeat(TIME_GAP)}${cells.join('')}`;
}

/** A row of lifelines, an arrow between two of them. */
function lane(from: number, to: number, columns: number, gap: number, label: string): string {
  const row = Array.from({ length: columns }, () => '|').join(' '.repeat(gap - 1));
  const left = Math.min(from, to) * gap + 1;
  const drawn = from === to ? ` * ${label}` : arrow(label, Math.abs(to - from) * gap - 1, to > from);
  return row.slice(0, left) + drawn + row.slice(left + drawn.length);
}

function arrow(label: string, length: number, rightward: boolean): string {
  const text = clipped(label, length - ARROW + 1);
  return rightward ? `-- ${text} `.padEnd(length - 1, '-') + '>' : `<- ${text} `.padEnd(length, '-');
}

function clipped(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, Math.max(0, length - 3))}...`;
}
