import { once } from 'node:events';
import {
  Agent as HttpAgent,
  request as httpRequest,
  type ClientRequest,
  type IncomingMessage,
} from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { setTimeout as delay } from 'node:timers/promises';

import { bodyText } from './answer_body.ts';
import { headersOf } from './answer_headers.ts';

/** Whoever sets these decides how the message is framed: it gets a connection of its own. */
const FRAMING_FIELDS = ['content-length', 'expect', 'transfer-encoding'];
/** A client need not wait for 100 for ever (RFC 9110 section 10.1.1). */
const CONTINUE_MS = 1_000;
/** An idle connection is closed before most services close theirs. */
const KEPT = { keepAlive: true, timeout: 4_000 };
const AGENTS = { 'http:': new HttpAgent(KEPT), 'https:': new HttpsAgent(KEPT) };

interface PlainRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array<ArrayBuffer> | undefined;
  readonly from?: string | undefined;
  readonly signal: AbortSignal;
}

/**
 * Sends the request with its header fields as they are, and no others that describe the body. A body waits for 100 if the
 * request expects it. CONNECT asks for a tunnel to the URL's own host. Follows no redirect. Rejects where no answer
 * comes.
 */
export async function sendPlain({ method, url, headers, body, from, signal }: PlainRequest): Promise<{
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}> {
  const isSecure = url.startsWith('https:');
  const isTunnel = method === 'CONNECT';
  const names = Object.keys(headers).map((name) => name.toLowerCase());
  const isFramed = FRAMING_FIELDS.some((name) => names.includes(name));
  const outgoing = (isSecure ? httpsRequest : httpRequest)(url, {
    method,
    headers: isFramed || body === undefined ? headers : { ...headers, 'content-length': lengthOf(body) },
    agent: isFramed || isTunnel ? false : AGENTS[isSecure ? 'https:' : 'http:'],
    signal,
    ...(from === undefined ? {} : { localAddress: from }),
    ...(isTunnel ? { path: new URL(url).host } : {}),
  });
  // Once the answer is read, errors no longer matter.
  outgoing.on('error', () => undefined);
  const answered = once(outgoing, isTunnel ? 'connect' : 'response');
  answered.catch(() => undefined);
  if (names.includes('expect')) await untilContinued(outgoing, answered);
  outgoing.end(body);
  const [answer, tunnel, head]: [IncomingMessage, (AsyncIterable<Buffer> & { destroy(): void })?, Buffer?] =
    await answered.then(([first, second, third]) => [first, second, third]);
  const status = answer.statusCode ?? 0;
  try {
    const text = await bodyText(status, tunnel ? untunneled(answer, tunnel, head) : answer);
    return { status, headers: headersOf(answer), text };
  } finally {
    tunnel?.destroy();
    // A connection may serve again where the answer was read to its end.
    if (!answer.complete || isTunnel) outgoing.destroy();
  }
}

function lengthOf(body: string | Uint8Array): number {
  return typeof body === 'string' ? Buffer.byteLength(body) : body.length;
}

async function untilContinued(outgoing: ClientRequest, answered: Promise<unknown>): Promise<void> {
  outgoing.flushHeaders();
  const patience = new AbortController();
  const late = delay(CONTINUE_MS, undefined, { signal: patience.signal }).catch(() => undefined);
  await Promise.race([once(outgoing, 'continue').catch(() => undefined), answered, late]);
  patience.abort();
}

/** The body of a refused CONNECT: node leaves it in the connection. An open tunnel (2xx) has none. */
async function* untunneled(
  { headers, statusCode = 0 }: IncomingMessage,
  tunnel: AsyncIterable<Buffer>,
  head: Buffer = Buffer.alloc(0),
): AsyncGenerator<Buffer> {
  if (statusCode < 300) return;
  let left = Number(headers['content-length'] ?? Infinity);
  const take = (octets: Buffer): Buffer => {
    const taken = octets.subarray(0, Math.min(octets.length, left));
    left -= taken.length;
    return taken;
  };
  yield take(head);
  if (left === 0) return;
  for await (const octets of tunnel) {
    yield take(octets);
    if (left === 0) return;
  }
}
