import { randomUUID } from 'node:crypto';
import { createSocket, type Socket } from 'node:dgram';

import { checkableCredentials, digestResponse, type DigestAlgorithmName } from '../sip/digest.ts';
import type { SipRequest, SipResponse } from '../sip/message.ts';
import { parseMessage } from '../sip/parser.ts';
import { ha1Of } from '../store/model/ha1.ts';
import { readChallenge } from './read_challenge.ts';

const PATIENCE_MS = 3000;

/** A received message; `unparsed` is an answer that lacks what its malformed request lacked. */
type Received = SipRequest | SipResponse | { readonly kind: 'unparsed'; readonly text: string };

/** A user agent on loopback for tests. It sends texts and returns received messages in order. */
export class LoopbackAgent {
  readonly #socket: Socket;
  readonly #unread: Received[] = [];
  #arrived: (() => void) | undefined;
  #closed = false;
  readonly address: string;
  readonly port: number;

  private constructor(socket: Socket) {
    this.#socket = socket;
    ({ address: this.address, port: this.port } = socket.address());
    socket.on('message', (packet) => {
      const message = parseMessage(packet);
      const isMessage = message.kind === 'request' || message.kind === 'response';
      this.#unread.push(isMessage ? message : { kind: 'unparsed', text: packet.toString('latin1') });
      this.#arrived?.();
    });
  }

  static async open(address = '127.0.0.1', port = 0): Promise<LoopbackAgent> {
    const socket = createSocket('udp4');
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    socket.once('error', reject);
    socket.bind(port, address, resolve);
    await promise;
    return new LoopbackAgent(socket);
  }

  send(text: string | Buffer, port: number): void {
    this.#socket.send(typeof text === 'string' ? Buffer.from(text, 'latin1') : text, port, '127.0.0.1');
  }

  /** The next request of that method; fails on anything else. */
  async request(method: string): Promise<SipRequest> {
    const message = await this.#next(method);
    if (message.kind === 'request' && message.method === method) return message;
    throw new Error(`expected ${method}, received:\n${message.text}`);
  }

  /** The next response; fails on any other message or status. */
  async response(status: number): Promise<SipResponse> {
    const message = await this.#next(String(status));
    if (message.kind === 'response' && message.status === status) return message;
    throw new Error(`expected ${status}, received:\n${message.text}`);
  }

  /** The start lines of received messages that no call has taken yet. */
  get unread(): string[] {
    return this.#unread.map(startLineOf);
  }

  /** Takes all messages received so far. Returns their octets. */
  takeOctets(): number {
    return this.#unread.splice(0).reduce((octets, { text }) => octets + text.length, 0);
  }

  /** The start line of the next message, whatever it is. */
  async startLine(): Promise<string> {
    return startLineOf(await this.#next('message'));
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#socket.close(resolve);
    await promise;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #next(what: string): Promise<Received> {
    if (this.#unread.length === 0) {
      const { promise, resolve, reject } = Promise.withResolvers<void>();
      this.#arrived = resolve;
      const patience = setTimeout(
        () => reject(new Error(`no ${what} received in ${PATIENCE_MS} ms`)),
        PATIENCE_MS,
      );
      await promise.finally(() => {
        clearTimeout(patience);
        this.#arrived = undefined;
      });
    }
    return this.#unread.shift()!;
  }
}

function startLineOf({ text }: Received): string {
  return text.slice(0, text.indexOf('\r\n'));
}

/** A request as text: start line, then the fields in order, then the body. */
export function requestText(startLine: string, fields: readonly string[], body = ''): string {
  return [startLine, ...fields, `Content-Length: ${body.length}`, '', body].join('\r\n');
}

/** An OPTIONS in a new transaction, from this port of 127.0.0.1. */
export function pingText(domain: string, port: number): string {
  const id = randomUUID();
  return requestText(`OPTIONS sip:${domain} SIP/2.0`, [
    `Via: SIP/2.0/UDP 127.0.0.1:${port};rport;branch=z9hG4bK-${id}`,
    'Max-Forwards: 70',
    'From: <sip:caller@client.example>;tag=ping',
    `To: <sip:${domain}>`,
    `Call-ID: ${id}`,
    'CSeq: 1 OPTIONS',
  ]);
}

/** A user agent's response to a received request. Gives To the tag `callee` if it has none. */
export function answerText(request: SipRequest, status: number, fields: readonly string[] = []): string {
  const copied = request.headers
    .filter(({ key }) => ['via', 'from', 'to', 'call-id', 'cseq', 'record-route'].includes(key))
    .map(({ key, name, value }) =>
      key === 'to' && request.to.tag === undefined ? `${name}: ${value};tag=callee` : `${name}: ${value}`,
    );
  return requestText(`SIP/2.0 ${status} Answer`, [...copied, ...fields]);
}

/** How to answer a challenge. */
export interface Answerer {
  readonly username: string;
  readonly password: string;
  readonly uri: string;
  /** Replaces the challenge's nonce. */
  readonly nonce?: string;
  readonly nc?: number;
  readonly qop?: boolean;
  readonly algorithm?: DigestAlgorithmName;
}

/** The Proxy-Authorization line that answers a 407. */
export function proxyAuthorization(challenged: SipResponse, answerer: Answerer): string {
  const challenge = readChallenge(challenged.value('proxy-authenticate') ?? '');
  if (challenge === undefined) throw new Error(`no Digest challenge in:\n${challenged.text}`);
  const { username, password, uri, nonce = challenge.nonce, nc = 1, qop = true } = answerer;
  const { realm } = challenge;
  const algorithm = answerer.algorithm ?? challenge.algorithm;
  const count = nc.toString(16).padStart(8, '0');
  const protection = qop
    ? { cnonce: '0a4f113b', qop: 'auth', nc: count }
    : { cnonce: undefined, qop: undefined, nc: undefined };
  const credentials = checkableCredentials({
    username,
    realm,
    nonce,
    uri,
    response: '',
    algorithm,
    ...protection,
  });
  if (credentials === undefined) throw new Error('incomplete credentials');
  const response = digestResponse(credentials, 'INVITE', ha1Of(username, realm, password)[algorithm]);
  const tail = qop ? `, qop=auth, nc=${count}, cnonce="0a4f113b"` : '';
  return `Proxy-Authorization: Digest username="${username}", realm="${realm}", nonce="${nonce}", uri="${uri}", response="${response}", algorithm=${algorithm}${tail}`;
}
