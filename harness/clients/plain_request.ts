import { once } from 'node:events';
import { request as httpRequest, type ClientRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { setTimeout as delay } from 'node:timers/promises';

import { bodyText } from './answer_body.ts';
import { headersOf } from './answer_headers.ts';

/** What `fetch` refuses to send: these header fields, and CONNECT. */
const FRAMING_FIELDS = ['content-length', 'expect', 'transfer-encoding'];
/** A client need not wait for 100 for ever (RFC 9110 section 10.1.1). */
const CONTINUE_MS = 1_000;

interface PlainRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array<ArrayBuffer> | undefined;
  readonly signal: AbortSignal;
}

/** Whether only `sendPlain` can send the request. */
export function isPlain({ method, headers }: Pick<PlainRequest, 'method' | 'headers'>): boolean {
  return (
    method === 'CONNECT' || Object.keys(headers).some((name) => FRAMING_FIELDS.includes(name.toLowerCase()))
  );
}

/**
 * Sends the request with its header fields as they are. A body waits for 100 if the request expects it. CONNECT asks
 * for a tunnel to the URL's own host. Rejects where no answer comes.
 */
export async function sendPlain({ method, url, headers, body, signal }: PlainRequest): Promise<{
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}> {
  const open = url.startsWith('https:') ? httpsRequest : httpRequest;
  const isTunnel = method === 'CONNECT';
  const { host } = new URL(url);
  const outgoing = open(url, { method, headers, agent: false, signal, ...(isTunnel ? { path: host } : {}) });
  // Once the answer is read, errors no longer matter.
  outgoing.on('error', () => undefined);
  const answered = once(outgoing, isTunnel ? 'connect' : 'response');
  answered.catch(() => undefined);
  if ('expect' in headers) await untilContinued(outgoing, answered);
  outgoing.end(body);
  const [answer, tunnel, head]: [IncomingMessage, (AsyncIterable<Buffer> & { destroy(): void })?, Buffer?] =
    await answered.then(([first, second, third]) => [first, second, third]);
  const status = answer.statusCode ?? 0;
  try {
    const text = await bodyText(status, tunnel ? untunneled(answer, tunnel, head) : answer);
    return { status, headers: headersOf(answer), text };
  } finally {
    tunnel?.destroy();
    outgoing.destroy();
  }
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
