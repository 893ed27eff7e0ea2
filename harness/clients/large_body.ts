import { once } from 'node:events';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { text as textOf } from 'node:stream/consumers';
import { setTimeout as delay } from 'node:timers/promises';

/** A request whose body may be refused unread. */
export interface LargeRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array<ArrayBuffer>;
  readonly signal: AbortSignal;
}

/** So much is sent before the service is given time to say that it does not want the rest. */
const FIRST_OCTETS = 16_384;
const PAUSE_MS = 500;

/**
 * Sends the head and a little of the body, and the rest only where no answer came to that (RFC 9112 section 9.5): a
 * service that refuses the length and closes would otherwise reset the connection before its answer is read.
 * Rejects where none came.
 */
export async function sendLarge({ method, url, headers, body, signal }: LargeRequest): Promise<{
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}> {
  const open = url.startsWith('https:') ? httpsRequest : httpRequest;
  const outgoing = open(url, {
    method,
    headers: { ...headers, 'content-length': String(body.length) },
    agent: false,
    signal,
  });
  // What comes after the answer is read is nobody's loss.
  outgoing.on('error', () => undefined);
  const answered = once(outgoing, 'response');
  outgoing.write(body.subarray(0, FIRST_OCTETS));
  const early = await Promise.race([answered, delay(PAUSE_MS)]);
  if (!early) outgoing.end(body.subarray(FIRST_OCTETS));
  const [answer]: IncomingMessage[] = await answered;
  if (!answer) throw new Error('no answer');
  const text = await textOf(answer);
  outgoing.destroy();
  return { status: answer.statusCode ?? 0, headers: headersOf(answer), text };
}

function headersOf({ headersDistinct }: IncomingMessage): Headers {
  const headers = new Headers();
  for (const [name, values = []] of Object.entries(headersDistinct)) {
    for (const value of values) headers.append(name, value);
  }
  return headers;
}
