import { assertSafeToSend } from '../lab/guard.ts';
import { HarnessError } from '../verdict.ts';

/** A request to the target's API. */
export interface HttpRequest {
  readonly method: string;
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** What the API answered. */
export interface HttpAnswer {
  readonly request: HttpRequest;
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The body as JSON; undefined where it is none. */
  readonly json: unknown;
  readonly durationMs: number;
}

const PATIENCE_MS = 10_000;
const SECRET_NAMES = 'sipAuthPassword|access_token|clientSecret|client_secret|password';
const SECRET_MEMBERS = new RegExp(`("(?:${SECRET_NAMES})"\\s*:\\s*")(?:[^"\\\\]|\\\\.)*"`, 'gi');
const SECRET_PARAMETERS = new RegExp(`\\b((?:${SECRET_NAMES})=)[^&\\s"]+`, 'gi');
const MASK = '••••••';

/** The HTTP traffic of one scenario, each exchange once, in order. */
export class HttpJournal {
  readonly answers: HttpAnswer[] = [];

  /** Sends and remembers. Throws a HarnessError where no answer came: that is nobody's broken rule. */
  async send(request: HttpRequest): Promise<HttpAnswer> {
    assertSafeToSend(new URL(request.url).hostname);
    const started = performance.now();
    let response: Response;
    let text: string;
    try {
      response = await fetch(request.url, {
        method: request.method,
        headers: request.headers ?? {},
        ...(request.body === undefined ? {} : { body: request.body }),
        signal: AbortSignal.timeout(PATIENCE_MS),
        redirect: 'manual',
      });
      text = await response.text();
    } catch (error) {
      throw new HarnessError(`${request.method} ${request.url} got no answer: ${silence(error)}`);
    }
    const durationMs = performance.now() - started;
    const answer = {
      request,
      status: response.status,
      headers: response.headers,
      text,
      json: jsonOf(text),
      durationMs,
    };
    this.answers.push(answer);
    return answer;
  }

  /** The traffic as text for a report: secrets masked, undefined where there was none. */
  transcript(): string | undefined {
    if (this.answers.length === 0) return undefined;
    return this.answers.map(exchangeText).join('\n\n');
  }
}

function silence(error: unknown): string {
  if (error instanceof Error && error.name === 'TimeoutError') return `none within ${PATIENCE_MS / 1000} s`;
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  return cause instanceof Error ? cause.message : String(cause);
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
    ...(request.body === undefined ? [] : ['>', `> ${masked(request.body)}`]),
    `< ${status} (${durationMs.toFixed(1)} ms)`,
    ...received,
    ...(text === '' ? [] : ['<', `< ${masked(text)}`]),
  ].join('\n');
}

function shownHeader(name: string, value: string): string {
  return name.toLowerCase() === 'authorization' ? `${value.split(' ')[0] ?? ''} ${MASK}` : value;
}

function masked(text: string): string {
  return text.replaceAll(SECRET_MEMBERS, `$1${MASK}"`).replaceAll(SECRET_PARAMETERS, `$1${MASK}`);
}
