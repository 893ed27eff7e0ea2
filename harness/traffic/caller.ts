import { setTimeout as delay } from 'node:timers/promises';
import {
  LEASED_PORTS,
  runSipp,
  SippError,
  type SippHooks,
  type SippOptions,
  type SippResult,
  type TracedMessage,
} from 'sipp-ts-wrapper';
import type { CaptureReader } from '../capture/reader.ts';
import { reconcile } from '../capture/reconcile.ts';
import { SipMessageFinder, type WireMessage } from '../capture/sip_messages.ts';
import { assertSafeToSend } from '../lab/guard.ts';
import type { Randomness } from '../randomness.ts';
import { HarnessError } from '../verdict.ts';
import type { Call } from './call.ts';
import { callIdIn, type PlatformWitness } from './platform.ts';
import { unreadable } from './unread.ts';

/** What one call shall be. */
export interface CallRequest {
  /** Path of the SIPp scenario. */
  readonly scenario: string;
  /** Source address. */
  readonly from: string;
  /** User part of the Request-URI. */
  readonly user?: string;
  readonly credentials?: { readonly username: string; readonly password: string };
  readonly keys?: Readonly<Record<string, string>>;
  readonly transport?: 'udp' | 'tcp';
  /** How many calls, one after the other. */
  readonly calls?: number;
  readonly rate?: number;
  /** For a scenario that pauses: how long, and how much longer it may take. */
  readonly pauseMs?: number;
  /** Where Call-ID, tag and port come from. */
  readonly randomness: Randomness;
}

interface Endpoint {
  readonly address: string;
  readonly port: number;
}

const TRACE_PATIENCE_MS = 2_000;
const TRACE_POLL_MS = 5;
const HARD_LIMIT_MS = 20_000;

/** Places calls with SIPp, and hears both witnesses before anyone judges. */
export class Caller {
  private readonly sip: { readonly host: string; readonly port: number };
  private readonly domain: string;
  private readonly answerMs: number;
  private readonly capture: CaptureReader | undefined;
  private readonly platform: PlatformWitness | undefined;

  constructor(
    sip: { readonly host: string; readonly port: number },
    domain: string,
    answerMs: number,
    capture: CaptureReader | undefined,
    platform: PlatformWitness | undefined,
  ) {
    this.sip = sip;
    this.domain = domain;
    this.answerMs = answerMs;
    this.capture = capture;
    this.platform = platform;
  }

  /**
   * Runs the scenario to its end; `hooks` hear of each message as it happens, and may end the call. Throws a
   * HarnessError where SIPp cannot run it, or cannot read what it was answered, or where the witnesses disagree.
   */
  async call(request: CallRequest, hooks: SippHooks = {}): Promise<Call> {
    assertSafeToSend(this.sip.host);
    const { callId, options } = this.sippOptions(request);
    const sipp = await runSipp(options, hooks).catch((error: unknown) => {
      throw error instanceof SippError ? new HarnessError(error.message, { cause: error }) : error;
    });
    await this.capture?.settle();
    const callIds = Array.from({ length: request.calls ?? 1 }, (_, index) =>
      callId.replace('%u', String(index + 1)),
    );
    if (sipp.outcome !== 'passed') assertReadable(sipp, this.receivedBy(sipp, callIds));
    return {
      scenario: request.scenario,
      callId: callIds[0] ?? callId,
      sipp,
      messages: this.callerSide(sipp, callIds),
      delivered: await this.platformSide(callIds),
      witnesses: this.capture ? 2 : 1,
    };
  }

  private sippOptions(request: CallRequest): { callId: string; options: SippOptions } {
    const { user, credentials, transport, calls = 1, rate, pauseMs = 0, randomness } = request;
    const callId = `${calls > 1 ? '%u-' : ''}${randomness.uuid()}@${request.from}`;
    const tag = randomness.hex(8);
    const firstPort = randomness.integer(LEASED_PORTS.first, LEASED_PORTS.last + 1);
    const options: SippOptions = {
      scenario: request.scenario,
      remote: this.sip,
      local: { address: request.from, firstPort },
      transport,
      service: user,
      credentials,
      authUri: user === undefined ? undefined : `${user}@${this.domain}`,
      keys: { domain: this.domain, tag, ...request.keys },
      callId,
      calls,
      rate,
      receiveTimeoutMs: this.answerMs,
      timeoutMs: HARD_LIMIT_MS + pauseMs,
      extraArguments: pauseMs > 0 ? ['-d', String(pauseMs)] : [],
    };
    return { callId, options };
  }

  /** What the caller was sent, whether SIPp could read it or not. */
  private receivedBy(sipp: SippResult, callIds: readonly string[]): readonly WireMessage[] {
    const { sip, capture } = this;
    const messages = capture
      ? capture.messages({ callId: callIds, at: sipp.local })
      : read(sipp.messages, sipp.local, { address: sip.host, port: sip.port });
    return messages.filter(({ destination }) => destination.port === sipp.local.port);
  }

  private callerSide(sipp: SippResult, callIds: readonly string[]): readonly WireMessage[] {
    // The port may have been another call's: what is still repeated to that one is no part of this, and SIPp drops it.
    const trace = sipp.messages.filter(({ text }) => callIds.includes(callIdIn(text) ?? callIds[0] ?? ''));
    if (!this.capture) return read(trace, sipp.local, { address: this.sip.host, port: this.sip.port });
    const wire = this.capture.messages({ callId: callIds, at: sipp.local });
    return agreed(trace, wire, sipp.local, 'the caller');
  }

  private async platformSide(callIds: readonly string[]): Promise<readonly WireMessage[] | undefined> {
    const { platform, capture } = this;
    if (!platform) return undefined;
    const traced = (): TracedMessage[] => callIds.flatMap((callId) => platform.messages(callId));
    if (!capture) return read(traced(), platform.endpoint, { address: this.sip.host, port: this.sip.port });
    const deadline = performance.now() + TRACE_PATIENCE_MS;
    for (;;) {
      const trace = traced();
      const wire = capture.messages({ callId: callIds, at: platform.endpoint });
      if (trace.length === wire.length || performance.now() > deadline) {
        return agreed(trace, wire, platform.endpoint, 'the voice platform');
      }
      // The stand-in writes a message down a moment after it went over the wire; the capture hands it on later still.
      await (trace.length > wire.length ? capture.settle() : delay(TRACE_POLL_MS));
    }
  }
}

/** Throws a HarnessError where the call failed for what SIPp cannot do: that is nobody's broken rule. */
function assertReadable(
  { errors, outcome, signal, reason }: SippResult,
  received: readonly WireMessage[],
): void {
  if (outcome === 'killed' && signal !== null) {
    throw new HarnessError(
      `${reason}. No verdict on this call: a tool that dies is not the service's fault.`,
    );
  }
  if (errors.some((error) => error.startsWith('createAuthHeader: authentication must use MD5'))) {
    throw new HarnessError(
      'SIPp answers no challenge but the one with MD5, and takes the first Digest there is: the service offers ' +
        'another algorithm first, or alone, which is legal (RFC 8760). No verdict on what comes after the challenge.',
    );
  }
  for (const response of received.filter(({ status }) => status !== undefined)) {
    const why = unreadable(response);
    if (why === undefined) continue;
    throw new HarnessError(
      `SIPp cannot go on from "${response.startLine}": ${why}. No verdict on this call.`,
    );
  }
}

function agreed(
  trace: readonly TracedMessage[],
  wire: readonly WireMessage[],
  local: Endpoint,
  who: string,
): readonly WireMessage[] {
  const outcome = reconcile(trace, wire, local);
  if (outcome.disagreement === undefined) return outcome.agreed;
  throw new HarnessError(`the two witnesses disagree on ${who}'s messages: ${outcome.disagreement}`);
}

/** SIPp's own trace as messages, where the wire cannot be watched. */
function read(trace: readonly TracedMessage[], local: Endpoint, remote: Endpoint): WireMessage[] {
  const finder = new SipMessageFinder();
  return trace.flatMap(({ time, direction, text }) => {
    const [source, destination] = direction === 'sent' ? [local, remote] : [remote, local];
    const segment = {
      protocol: 'udp',
      time,
      source,
      destination,
      payload: Buffer.from(text, 'latin1'),
      packets: [],
    } as const;
    return finder.push(segment).map(({ message }) => message);
  });
}
