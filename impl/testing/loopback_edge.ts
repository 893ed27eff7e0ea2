import { startEdge, type Edge } from '../edge/edge.ts';
import type { EdgeOptions } from '../edge/edge_options.ts';
import type { LogEntry } from '../observe/log.ts';
import { SipRequest, type SipResponse } from '../sip/message.ts';
import { parseMessage } from '../sip/parser.ts';
import { ha1Of } from '../store/model/ha1.ts';
import type { Credential, InboundSettings } from '../store/model/inbound_settings.ts';
import { answerText, LoopbackAgent, proxyAuthorization, requestText } from './loopback_agent.ts';
import { ManualClock } from './manual_clock.ts';

/** The SIP domain of the edge, and its digest realm. */
export const REALM = 'sip-uri.voice-api.example';
/** The SIP password of the application. */
export const PASSWORD = 'correct horse';
/** The applicationId of the application under test. */
export const APPLICATION = '15f99d57-f823-4718-80cc-5d95d5b83e59';
/** The uriUser of the application under test. */
export const URI_USER = '479fbd44-3362-45f3-bb80-284f21111be4';
/** The applicationId of an application with inbound SIP off. */
export const DISABLED = 'd1b9d8b3-54b7-4a5e-8a53-5c6c3a4f0a11';
/** How long the edge's nonces live. */
export const NONCE_LIFETIME_MS = 30_000;

/** The prefix 127.0.0.0/8. */
export const LOOPBACK = { network: 0x7f000000, mask: 0xff000000 };

const CREDENTIAL: Credential = {
  applicationId: ha1Of(APPLICATION, REALM, PASSWORD),
  uriUser: ha1Of(URI_USER, REALM, PASSWORD),
};

/** How an INVITE differs from the usual one. */
export interface InviteShape {
  readonly user?: string;
  readonly toUser?: string;
  readonly toTag?: string;
  readonly callId?: string;
  readonly cseq?: number;
  readonly branch?: string;
  /** Via parameters after the branch. */
  readonly viaParameters?: string;
  readonly maxForwards?: string | undefined;
  readonly extra?: readonly string[];
  readonly body?: string;
}

/** A dialog as the caller knows it after a 2xx. */
export interface Established {
  readonly callId: string;
  /** The INVITE that the callee received. */
  readonly delivered: SipRequest;
  readonly answer: SipResponse;
}

/** An edge on loopback between a caller and a callee, with a clock that stands still. */
export class LoopbackEdge {
  edge: Edge;
  readonly options: EdgeOptions;
  readonly clock: ManualClock;
  readonly caller: LoopbackAgent;
  readonly callee: LoopbackAgent;
  readonly log: LogEntry[];
  /** Settings of the application under test, which the test may change. */
  settings: InboundSettings;
  region: string | undefined = 'US';
  #branches = 0;

  private constructor(
    options: EdgeOptions,
    parts: Pick<LoopbackEdge, 'edge' | 'clock' | 'caller' | 'callee' | 'log' | 'settings'>,
  ) {
    this.options = options;
    this.edge = parts.edge;
    this.clock = parts.clock;
    this.caller = parts.caller;
    this.callee = parts.callee;
    this.log = parts.log;
    this.settings = parts.settings;
  }

  static async start(options: Partial<EdgeOptions> = {}): Promise<LoopbackEdge> {
    const [caller, callee] = await Promise.all([LoopbackAgent.open(), LoopbackAgent.open()]);
    const clock = new ManualClock(1_800_000_000_000);
    const log: LogEntry[] = [];
    const settings: InboundSettings = {
      applicationId: APPLICATION,
      uriUser: URI_USER,
      inboundSipCallsEnabled: true,
      credential: CREDENTIAL,
      allowedSources: [],
      allowedRegions: [],
    };
    const disabled = { ...settings, applicationId: DISABLED, uriUser: null, inboundSipCallsEnabled: false };
    const edgeOptions: EdgeOptions = {
      listen: { host: '127.0.0.1', port: 0 },
      realm: REALM,
      platform: { host: '127.0.0.1', port: callee.port },
      directory: {
        find(user) {
          if (user === DISABLED) return { ...disabled, credential: null };
          return user === APPLICATION || user === URI_USER ? running.settings : undefined;
        },
      },
      regionOf: () => running.region,
      nonce: { key: Buffer.alloc(32, 1), lifetimeMs: NONCE_LIFETIME_MS },
      clock,
      log: (entry) => log.push(entry),
      logsDecisions: true,
      ...options,
    };
    const edge = await startEdge(edgeOptions);
    const running = new LoopbackEdge(edgeOptions, { edge, clock, caller, callee, log, settings });
    return running;
  }

  /** Starts another edge on the same address. The kernel spreads packets over the two. */
  startSibling(): Promise<Edge> {
    return startEdge({ ...this.options, listen: this.edge.address });
  }

  /** Stops the edge and starts a new one, without memory, at the same address. */
  async restart(): Promise<void> {
    const { address } = this.edge;
    const stopping = this.edge.stop();
    this.clock.advance(60_000);
    await stopping;
    this.edge = await startEdge({ ...this.options, listen: address });
  }

  async stop(): Promise<void> {
    const stopping = this.edge.stop();
    this.clock.advance(60_000);
    await Promise.all([stopping, this.caller.close(), this.callee.close()]);
  }

  /** Lets callers in by their address alone. */
  trustSources(): void {
    this.settings = { ...this.settings, credential: null, allowedSources: [LOOPBACK] };
  }

  /** Lets callers in by their password alone, as at the start. */
  requirePassword(): void {
    this.settings = { ...this.settings, credential: CREDENTIAL, allowedSources: [] };
  }

  newBranch(): string {
    return `z9hG4bKcaller${this.#branches++}`;
  }

  inviteText(shape: InviteShape = {}, { address, port } = this.caller): string {
    const { user = APPLICATION, toUser = user, toTag, callId = 'call', cseq = 1, extra = [], body } = shape;
    const maxForwards = 'maxForwards' in shape ? shape.maxForwards : '70';
    const via = `SIP/2.0/UDP ${address}:${port};branch=${shape.branch ?? this.newBranch()}${shape.viaParameters ?? ';rport'}`;
    return requestText(
      `INVITE sip:${user}@${REALM} SIP/2.0`,
      [
        `Via: ${via}`,
        ...(maxForwards === undefined ? [] : [`Max-Forwards: ${maxForwards}`]),
        'From: <sip:caller@customer.example>;tag=caller',
        `To: <sip:${toUser}@${REALM}>${toTag === undefined ? '' : `;tag=${toTag}`}`,
        `Call-ID: ${callId}`,
        `CSeq: ${cseq} INVITE`,
        `Contact: <sip:caller@${address}:${port}>`,
        ...extra,
      ],
      body,
    );
  }

  /** Any request outside a dialog, from the caller. */
  requestText(method: string, extra: readonly string[] = [], uri = `sip:${REALM}`): string {
    const { address, port } = this.caller;
    const fields = [
      `Via: SIP/2.0/UDP ${address}:${port};branch=${this.newBranch()};rport`,
      'From: <sip:caller@customer.example>;tag=caller',
      `To: <${uri}>`,
      `Call-ID: ${method}`,
      `CSeq: 1 ${method}`,
    ];
    return requestText(`${method} ${uri} SIP/2.0`, [...fields, ...extra]);
  }

  fromCaller(text: string): void {
    this.caller.send(text, this.edge.address.port);
  }

  fromCallee(text: string): void {
    this.callee.send(text, this.edge.address.port);
  }

  /** Sends the callee's answer to the source of the request. */
  answer(request: SipRequest, status: number, fields: readonly string[] = []): void {
    this.callee.send(answerText(request, status, fields), request.via.port ?? 0);
  }

  /** Sends the ACK of a final answer other than 2xx, with the INVITE's branch. */
  acknowledge(invite: string, refusal: SipResponse): void {
    const sent = requestIn(invite);
    const fields = ['via', 'from', 'call-id']
      .map((key) => sent.field(key)!)
      .map(({ name, value }) => `${name}: ${value}`);
    const ack = requestText(`ACK ${sent.uriText} SIP/2.0`, [
      ...fields,
      `To: ${refusal.value('to')}`,
      `CSeq: ${sent.cseq} ACK`,
    ]);
    this.fromCaller(ack);
  }

  /** Sends an INVITE, expects 407, acknowledges and returns it. */
  async challenged(shape: InviteShape = {}): Promise<SipResponse> {
    const invite = this.inviteText(shape);
    this.fromCaller(invite);
    const challenge = await this.caller.response(407);
    this.acknowledge(invite, challenge);
    await this.settled();
    return challenge;
  }

  /** The Proxy-Authorization line that answers a challenge, correctly by default. */
  authorization(
    challenge: SipResponse,
    changes: Partial<Parameters<typeof proxyAuthorization>[1]> = {},
  ): string {
    const answerer = { username: APPLICATION, password: PASSWORD, uri: `sip:${REALM}`, ...changes };
    return proxyAuthorization(challenge, answerer);
  }

  /** Sends an INVITE that is let in, and returns it as delivered. */
  async delivered(shape: InviteShape = {}): Promise<SipRequest> {
    this.fromCaller(this.inviteText(shape));
    return this.callee.request('INVITE');
  }

  /** A call from INVITE to ACK, let in by its source. */
  async established(callId = 'call'): Promise<Established> {
    this.trustSources();
    const delivered = await this.delivered({ callId });
    this.answer(delivered, 200, [`Contact: <sip:callee@127.0.0.1:${this.callee.port}>`]);
    const answer = await this.caller.response(200);
    const call = { callId, delivered, answer };
    this.fromCaller(this.inDialogText(call, 'ACK'));
    await this.callee.request('ACK');
    return call;
  }

  /** The caller's request in the dialog; by default to the remote target, with the route set. */
  inDialogText(
    call: Established,
    method: string,
    changes: { uri?: string; route?: boolean; extra?: string[] } = {},
  ): string {
    const { uri = call.answer.contact!.uriText, route = true, extra = [] } = changes;
    const { address, port } = this.caller;
    return requestText(`${method} ${uri} SIP/2.0`, [
      `Via: SIP/2.0/UDP ${address}:${port};branch=${this.newBranch()};rport`,
      ...(route ? [`Route: ${call.answer.value('record-route')}`] : []),
      'Max-Forwards: 70',
      'From: <sip:caller@customer.example>;tag=caller',
      `To: ${call.answer.value('to')}`,
      `Call-ID: ${call.callId}`,
      `CSeq: ${method === 'ACK' ? 1 : 2} ${method}`,
      `Contact: <sip:caller@${address}:${port}>`,
      ...extra,
    ]);
  }

  /** The callee's request in the dialog, along the recorded route. */
  inDialogTextOfCallee(
    call: Omit<Established, 'answer'>,
    method: string,
    extra: readonly string[] = [],
  ): string {
    const { delivered } = call;
    return requestText(`${method} ${delivered.contact!.uriText} SIP/2.0`, [
      `Via: SIP/2.0/UDP 127.0.0.1:${this.callee.port};branch=${this.newBranch()}`,
      `Route: ${delivered.value('record-route')}`,
      `From: ${delivered.value('to')};tag=callee`,
      `To: ${delivered.value('from')}`,
      `Call-ID: ${call.callId}`,
      `CSeq: 1 ${method}`,
      ...extra,
    ]);
  }

  /**
   * Waits until the edge has handled everything sent before, and both agents have received all it sent. The edge
   * serves packets in order, so a ping from each agent is answered last.
   */
  async settled(): Promise<void> {
    const { address, port } = this.callee;
    const ping = (from: string) =>
      this.requestText('OPTIONS').replace(/Via: .*?;/, `Via: SIP/2.0/UDP ${from};`);
    this.fromCaller(ping(`${this.caller.address}:${this.caller.port}`));
    await this.caller.response(200);
    this.fromCallee(ping(`${address}:${port}`));
    await this.callee.response(200);
  }
}

function requestIn(text: string): SipRequest {
  const message = parseMessage(Buffer.from(text, 'latin1'));
  if (message instanceof SipRequest) return message;
  throw new Error(`no request:\n${text}`);
}
