import { assertSafeToSend } from '../lab/guard.ts';
import { HarnessError } from '../verdict.ts';
import { BrokenBody } from './answer_body.ts';
import { sendLarge } from './large_body.ts';
import { sendPlain } from './plain_request.ts';

/** A request to the target's API. */
export interface HttpRequest {
  readonly method: string;
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array<ArrayBuffer>;
  /** Which of this machine's addresses asks; default: the one that the system chooses. */
  readonly from?: string;
}

/** What the API answered. */
export interface HttpAnswer {
  readonly request: HttpRequest;
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The body parsed as JSON; undefined where it is not JSON. */
  readonly json: unknown;
  readonly durationMs: number;
}

/** Whether the status says that the request was granted (RFC 9110 section 15.3). */
export function isSuccess(status: number): boolean {
  return status >= 200 && status < 300;
}

/** A request that got no complete answer. */
export interface Unanswered {
  readonly request: HttpRequest;
  /** What came instead, as the end of a sentence about the request. */
  readonly instead: string;
}

const PATIENCE_MS = 10_000;
/** A body larger than this may be refused unread. */
const LARGE_OCTETS = 1024 * 1024;
const SECRET_NAMES = 'sipAuthPassword|access_token|clientSecret|client_secret|password';
/** A value may also end with the text: a long body is cut before its secrets are masked. */
const SECRET_MEMBERS = new RegExp(`("(?:${SECRET_NAMES})"\\s*:\\s*")(?:[^"\\\\]|\\\\.)*(?:"|\\\\?$)`, 'gi');
const SECRET_PARAMETERS = new RegExp(`\\b((?:${SECRET_NAMES})=)[^&\\s"]+`, 'gi');
const MASK = '••••••';
/** How much of a body is shown, in characters of a text or octets of bytes. */
const SHOWN_LENGTH = 20_000;

/** The HTTP traffic of one scenario, each exchange once, in order. */
export class HttpJournal {
  readonly answers: HttpAnswer[] = [];
  readonly #patienceMs: number;
  readonly #hidden = new Set<string>();

  /** @param patienceMs how long an answer may take, from its request to the end of its body */
  constructor(patienceMs = PATIENCE_MS) {
    this.#patienceMs = patienceMs;
  }

  /** Sends the request and records the exchange. Throws a HarnessError where no complete answer comes. */
  async send(request: HttpRequest): Promise<HttpAnswer> {
    const outcome = await this.attempt(request);
    if ('status' in outcome) return outcome;
    throw new HarnessError(`${request.method} ${request.url} ${outcome.instead}`);
  }

  /** Sends the request and records the exchange, where silence would be the target's mistake. */
  async attempt(request: HttpRequest): Promise<HttpAnswer | Unanswered> {
    assertSafeToSend(new URL(request.url).hostname);
    const started = performance.now();
    const signal = AbortSignal.timeout(this.#patienceMs);
    const came = await answered(request, signal).catch((error: unknown) => {
      const late = signal.aborted ? `within ${this.#patienceMs / 1000} s` : undefined;
      return { instead: unanswered(error, late) };
    });
    if ('instead' in came) return { request, instead: came.instead };
    const { status, headers, text } = came;
    const durationMs = performance.now() - started;
    const answer = { request, status, headers, text, json: jsonOf(text), durationMs };
    this.answers.push(answer);
    return answer;
  }

  /** Masks this text wherever the traffic shows it: a secret that was sent where none belongs. */
  hide(secret: string): void {
    this.#hidden.add(secret).add(encodeURIComponent(secret));
  }

  /** The traffic as text for a report: secrets masked, undefined where there was none. */
  transcript(): string | undefined {
    if (this.answers.length === 0) return undefined;
    const text = this.answers.map(exchangeText).join('\n\n');
    return [...this.#hidden].reduce((shown, secret) => shown.replaceAll(secret, MASK), text);
  }
}

function answered(
  { method, url, headers = {}, body, from }: HttpRequest,
  signal: AbortSignal,
): Promise<Pick<HttpAnswer, 'status' | 'headers' | 'text'>> {
  if (body instanceof Uint8Array && body.length > LARGE_OCTETS) {
    return sendLarge({ method, url, headers, body, signal });
  }
  return sendPlain({ method, url, headers, body, from, signal });
}

/** What came instead of a complete answer. `late`: how long was waited, where time ran out. */
function unanswered(error: unknown, late: string | undefined): string {
  if (error instanceof BrokenBody) {
    const reason = late === undefined ? error.message : `it did not end ${late}`;
    return `was answered ${error.status}, but the body cannot be read: ${reason}`;
  }
  return `got no answer: ${late === undefined ? reasonOf(error) : `none ${late}`}`;
}

function reasonOf(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const reason = cause instanceof Error ? cause.message : String(cause);
  // What node calls this says nothing of who ended the connection.
  return reason === 'socket hang up' ? 'other side closed' : reason;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function exchangeText({ request, status, headers, text, durationMs }: HttpAnswer): string {
  const sent = Object.entries(request.headers ?? {}).map(
    ([name, value]) => `> ${name}: ${shownHeader(name, value)}`,
  );
  const received = [...headers].map(([name, value]) => `< ${name}: ${value}`);
  return [
    `> ${request.method} ${request.url}`,
    ...sent,
    ...(request.body === undefined ? [] : ['>', `> ${shownBody(request.body)}`]),
    `< ${status} (${durationMs.toFixed(1)} ms)`,
    ...received,
    ...(text === '' ? [] : ['<', `< ${shownBody(text)}`]),
  ].join('\n');
}

function shownHeader(name: string, value: string): string {
  return name.toLowerCase() === 'authorization' ? `${value.split(' ')[0] ?? ''} ${MASK}` : value;
}

function shownBody(body: string | Uint8Array): string {
  const start = body.slice(0, SHOWN_LENGTH);
  const text = masked(typeof start === 'string' ? start : Buffer.from(start).toString());
  return body.length > SHOWN_LENGTH ? `${text.trimEnd()}… (${body.length} in all)` : text;
}

function masked(text: string): string {
  return text.replaceAll(SECRET_MEMBERS, `$1${MASK}"`).replaceAll(SECRET_PARAMETERS, `$1${MASK}`);
}
