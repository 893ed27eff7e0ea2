import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';

import { z } from 'zod';

import type { SipResponse } from '../sip/message.ts';
import { parseMessage } from '../sip/parser.ts';
import { answerText, proxyAuthorization, requestText } from './loopback_agent.ts';

const tokenAnswer = z.object({ access_token: z.string() });
const applicationAnswer = z.object({
  data: z.object({
    applicationId: z.string(),
    sipUri: z.string().nullable(),
    sipAuthPassword: z.string().optional(),
    allowedSourceIps: z.array(z.string()),
    allowedRegions: z.array(z.string()),
  }),
});
/** An application as the management API answers it to the customer. */
export type CustomersApplication = z.infer<typeof applicationAnswer>['data'];

/** The customer that `serviceSettings` knows, and the SIP domain it calls. */
export const CUSTOMER = {
  domain: 'sip-uri.voice-api.example',
  account: '9900000',
  client: { id: 'client-of-tests', secret: 'secret-of-the-tests' },
};

/** Settings of a service on loopback that knows the customer, on ports that the kernel chooses. */
export function serviceSettings(platformPort: number, database: string): Record<string, string> {
  return {
    VOICE_EDGE_API_PORT: '0',
    VOICE_EDGE_SIP_PORT: '0',
    VOICE_EDGE_PLATFORM_PORT: String(platformPort),
    VOICE_EDGE_DATABASE: database,
    VOICE_EDGE_REGION_TABLE: '127.0.0.0/8=US',
    VOICE_EDGE_CLIENT_ID: CUSTOMER.client.id,
    VOICE_EDGE_CLIENT_SECRET: CUSTOMER.client.secret,
  };
}

/** How long an INVITE may be without a final answer: longer than a call takes on a busy machine. */
const PATIENCE_MS = 10_000;

/** What a customer knows of the service. */
export interface Service {
  readonly apiUrl: string;
  readonly sipPort: number;
  readonly domain: string;
  readonly account: string;
  readonly client: { readonly id: string; readonly secret: string };
}

/** A customer on loopback for tests: manages applications over HTTP with one token, and calls them over UDP. */
export class LoopbackCustomer {
  #service: Service;
  readonly #token: string;
  readonly #socket: Socket;
  readonly #waiting = new Map<string, (response: SipResponse) => void>();
  #calls = 0;

  private constructor(service: Service, token: string, socket: Socket) {
    this.#service = service;
    this.#token = token;
    this.#socket = socket;
    socket.on('message', (packet) => {
      const message = parseMessage(packet);
      if (message.kind !== 'response' || message.status < 200) return;
      this.#waiting.get(message.callId)?.(message);
    });
  }

  static async open(service: Service): Promise<LoopbackCustomer> {
    const { apiUrl, client } = service;
    const answer = await fetch(`${apiUrl}/api/v1/oauth2/token`, {
      method: 'POST',
      headers: { authorization: `Basic ${btoa(`${client.id}:${client.secret}`)}` },
      body: new URLSearchParams({ grant_type: 'client_credentials' }),
    });
    const { access_token } = tokenAnswer.parse(await answer.json());
    const socket = createSocket('udp4').bind(0, '127.0.0.1');
    await once(socket, 'listening');
    return new LoopbackCustomer(service, access_token, socket);
  }

  /** Calls the management API on an application, or on all if `id` is empty. */
  ask(method: string, id: string, json?: unknown): Promise<Response> {
    const { apiUrl, account } = this.#service;
    return fetch(`${apiUrl}/v2/accounts/${account}/voice-applications${id && `/${id}`}`, {
      method,
      headers: {
        authorization: `Bearer ${this.#token}`,
        ...(json === undefined ? {} : { 'content-type': 'application/json' }),
      },
      body: json === undefined ? null : JSON.stringify(json),
    });
  }

  /** Calls the management API; rejects if the answer is not a success. */
  async manage(method: string, id: string, json?: unknown): Promise<CustomersApplication> {
    const response = await this.ask(method, id, json);
    const text = await response.text();
    if (!response.ok) throw new Error(`${method}: ${response.status} ${text}`);
    return applicationAnswer.parse(JSON.parse(text)).data;
  }

  create(applicationName: string): Promise<CustomersApplication> {
    const callInitiatedCallbackUrl = 'https://app.example/initiate';
    return this.manage('POST', '', { applicationName, callInitiatedCallbackUrl });
  }

  /** Creates an application and enables its password, which the answer holds. `more` are further settings. */
  async enabled(applicationName: string, more: object = {}): Promise<CustomersApplication> {
    const { applicationId } = await this.create(applicationName);
    return this.manage('PATCH', applicationId, {
      inboundSipCallsEnabled: true,
      passwordAuthEnabled: true,
      ...more,
    });
  }

  /** Calls the application, and again with the password if challenged. Returns the last answer's status. */
  async call({ applicationId, sipUri }: CustomersApplication, password: string): Promise<number> {
    const uri = sipUri ?? `sip:${applicationId}@${this.#service.domain}`;
    const challenge = await this.answer(uri);
    if (challenge.status !== 407) return challenge.status;
    const answerer = { username: applicationId, password, uri };
    return (await this.answer(uri, proxyAuthorization(challenge, answerer))).status;
  }

  /** Sends an INVITE, acknowledges its final answer and returns it. Rejects if there is none. */
  async answer(uri: string, ...fields: string[]): Promise<SipResponse> {
    const number = this.#calls++;
    const { port } = this.#socket.address();
    const callId = `call-${number}@client.example`;
    const { promise, resolve, reject } = Promise.withResolvers<SipResponse>();
    this.#waiting.set(callId, resolve);
    const patience = setTimeout(
      () => reject(new Error(`no final answer to ${callId} in ${PATIENCE_MS} ms`)),
      PATIENCE_MS,
    );
    const via = `Via: SIP/2.0/UDP 127.0.0.1:${port};rport;branch=z9hG4bK-customer-${number}`;
    const ends = (to: string): string[] => [`From: <sip:caller@client.example>;tag=${number}`, `To: ${to}`];
    const common = [via, 'Max-Forwards: 70', `Call-ID: ${callId}`];
    const contact = `Contact: <sip:caller@127.0.0.1:${port}>`;
    this.#send('INVITE', uri, [...common, ...ends(`<${uri}>`), 'CSeq: 1 INVITE', contact, ...fields]);
    const response = await promise.finally(() => {
      clearTimeout(patience);
      this.#waiting.delete(callId);
    });
    this.#send('ACK', uri, [...common, ...ends(response.value('to') ?? ''), 'CSeq: 1 ACK']);
    return response;
  }

  /** Moves to the service at another place and keeps the token. */
  moveTo(places: Pick<Service, 'apiUrl' | 'sipPort'>): void {
    this.#service = { ...this.#service, ...places };
  }

  close(): void {
    this.#socket.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  #send(method: string, uri: string, fields: readonly string[]): void {
    this.#socket.send(requestText(`${method} ${uri} SIP/2.0`, fields), this.#service.sipPort, '127.0.0.1');
  }
}

/** A voice platform on loopback for tests that answers every INVITE with 486. */
export class BusyPlatform {
  readonly #socket: Socket;
  readonly port: number;
  /** How many INVITEs it received, retransmissions included. */
  delivered = 0;
  /** The Request-URI of the last INVITE. */
  lastTarget = '';

  private constructor(socket: Socket) {
    this.#socket = socket;
    this.port = socket.address().port;
    socket.on('message', (packet, { port, address }) => {
      const request = parseMessage(packet);
      if (request.kind !== 'request' || request.method !== 'INVITE') return;
      this.delivered += 1;
      this.lastTarget = request.uriText;
      socket.send(answerText(request, 486), port, address);
    });
  }

  static async open(): Promise<BusyPlatform> {
    const socket = createSocket('udp4').bind(0, '127.0.0.1');
    await once(socket, 'listening');
    return new BusyPlatform(socket);
  }

  close(): void {
    this.#socket.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }
}
