import { once } from 'node:events';
import { request as httpRequest, type ClientRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { setImmediate as turn, setTimeout as delay } from 'node:timers/promises';

import { bodyText, isReset } from './answer_body.ts';
import { headersOf } from './answer_headers.ts';

/** A request whose body may be refused unread. */
export interface LargeRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array<ArrayBuffer>;
  readonly signal: AbortSignal;
}

/** Sent first; then the service gets time to refuse the rest, and more of it if its answer was lost the first time. */
const FIRST_OCTETS = 16_384;
const PAUSE_MS = 500;
const SECOND_PAUSE_MS = 1_000;
/** The rest goes in pieces of this size; before each one, an answer is looked for. */
const PIECE_OCTETS = 256 * 1024;

/** What came of it. */
interface LargeAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

/**
 * Sends the head and a little of the body, and the rest only while no answer has come (RFC 9112 section 9.5): a
 * service that refuses the length and closes would otherwise reset the connection before its answer is read. A reset
 * before any answer may have cost one that had been sent: the request is sent once more, and the rest later. Rejects where
 * no answer comes.
 */
export async function sendLarge(request: LargeRequest): Promise<LargeAnswer> {
  return sendOnce(request, PAUSE_MS).catch((error: unknown) => {
    if (!isReset(error)) throw error;
    return sendOnce(request, SECOND_PAUSE_MS);
  });
}

async function sendOnce(
  { method, url, headers, body, signal }: LargeRequest,
  pauseMs: number,
): Promise<LargeAnswer> {
  const open = url.startsWith('https:') ? httpsRequest : httpRequest;
  const outgoing = open(url, {
    method,
    headers: { ...headers, 'content-length': String(body.length) },
    agent: false,
    signal,
  });
  // Once the answer is read, errors no longer matter.
  outgoing.on('error', () => undefined);
  const answered = once(outgoing, 'response');
  outgoing.write(body.subarray(0, FIRST_OCTETS));
  const early = await Promise.race([answered, delay(pauseMs)]);
  if (!early) await sendRest(outgoing, body.subarray(FIRST_OCTETS));
  const [answer]: IncomingMessage[] = await answered;
  if (!answer) throw new Error('no answer');
  const status = answer.statusCode ?? 0;
  const isUntold = !('content-length' in answer.headers || 'transfer-encoding' in answer.headers);
  const text = await bodyText(status, answer, isUntold);
  outgoing.destroy();
  return { status, headers: headersOf(answer), text };
}

/**
 * Sends on until all is sent or something comes back. On a busy machine the pause may end just as the answer arrives:
 * a write to a connection that the service has closed would then lose the answer, so reading comes first.
 */
async function sendRest(outgoing: ClientRequest, rest: Uint8Array<ArrayBuffer>): Promise<void> {
  let isOver = false;
  const over = new Promise<void>((resolve) => {
    const end = (): void => {
      isOver = true;
      resolve();
    };
    outgoing.once('response', end).once('close', end);
  });
  for (let sent = 0; sent < rest.length; sent += PIECE_OCTETS) {
    // A turn of the event loop reads what has come.
    await turn();
    if (isOver) return;
    const piece = rest.subarray(sent, sent + PIECE_OCTETS);
    const { promise: written, resolve } = Promise.withResolvers<void>();
    outgoing.write(piece, () => resolve());
    await Promise.race([written, over]);
  }
  if (!isOver) outgoing.end();
}
