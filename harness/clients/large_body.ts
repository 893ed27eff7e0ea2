import { once } from 'node:events';
import { request as httpRequest, type ClientRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { setImmediate as turn, setTimeout as delay } from 'node:timers/promises';

import { bodyText } from './answer_body.ts';
import { headersOf } from './answer_headers.ts';

/** A request whose body may be refused unread. */
export interface LargeRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array<ArrayBuffer>;
  readonly signal: AbortSignal;
}

/** Sent first; then the service gets time to refuse the rest. */
const FIRST_OCTETS = 16_384;
const PAUSE_MS = 500;
/** The rest goes in pieces of this size; before each one, an answer is looked for. */
const PIECE_OCTETS = 256 * 1024;

/**
 * Sends the head and a little of the body, and the rest only while no answer has come (RFC 9112 section 9.5): a
 * service that refuses the length and closes would otherwise reset the connection before its answer is read.
 * Rejects where no answer comes.
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
  // Once the answer is read, errors no longer matter.
  outgoing.on('error', () => undefined);
  const answered = once(outgoing, 'response');
  outgoing.write(body.subarray(0, FIRST_OCTETS));
  const early = await Promise.race([answered, delay(PAUSE_MS)]);
  if (!early) await sendRest(outgoing, body.subarray(FIRST_OCTETS));
  const [answer]: IncomingMessage[] = await answered;
  if (!answer) throw new Error('no answer');
  const status = answer.statusCode ?? 0;
  const text = await bodyText(status, answer);
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
