import {
  LEASED_PORTS,
  runSipp,
  SippError,
  type SippHooks,
  type SippOptions,
  type SippResult,
} from 'sipp-ts-wrapper';

import type { Endpoint } from '../capture/endpoint.ts';
import { callIdOf } from '../capture/sip_head.ts';
import type { WireMessage } from '../capture/sip_messages.ts';
import { assertSafeToSend } from '../lab/guard.ts';
import type { Randomness } from '../randomness.ts';
import { HarnessError } from '../verdict.ts';
import type { Call } from './call.ts';
import { agreed, deliveredOf, type DeliveryWitnesses } from './delivered.ts';
import { misreading } from './misread.ts';
import { assertNoStorm } from './storm.ts';
import { messagesTraced } from './trace.ts';
import { unreadable } from './unread.ts';

/** How one call is placed. */
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
  /** For a scenario that pauses: the length of its pause, which is added to its time limit. */
  readonly pauseMs?: number;
  /** Where Call-ID, tag and port come from. */
  readonly randomness: Randomness;
}

const HARD_LIMIT_MS = 20_000;

/** Places calls with SIPp, and compares both witnesses before anyone judges. */
export class Caller {
  readonly #sip: { readonly host: string; readonly port: number };
  readonly #domain: string;
  readonly #answerMs: number;
  readonly #witnesses: DeliveryWitnesses;

  constructor(
    sip: { readonly host: string; readonly port: number },
    domain: string,
    answerMs: number,
    witnesses: DeliveryWitnesses,
  ) {
    this.#sip = sip;
    this.#domain = domain;
    this.#answerMs = answerMs;
    this.#witnesses = witnesses;
  }

  /**
   * Runs the scenario to its end. `hooks` get each message as it happens and may end the call. Throws a HarnessError
   * where SIPp cannot run it or cannot read an answer, or where the witnesses disagree.
   */
  async call(request: CallRequest, hooks: SippHooks = {}): Promise<Call> {
    assertSafeToSend(this.#sip.host);
    const { capture } = this.#witnesses;
    const { callId, options } = this.#sippOptions(request);
    const sipp = await runSipp(options, hooks).catch((error: unknown) => {
      throw error instanceof SippError ? new HarnessError(error.message, { cause: error }) : error;
    });
    await capture?.settle();
    assertNoStorm(sipp, request.calls ?? 1);
    const callIds = Array.from({ length: request.calls ?? 1 }, (_, index) =>
      callId.replace('%u', String(index + 1)),
    );
    if (sipp.outcome !== 'passed') assertReadable(sipp, this.#receivedBy(sipp, callIds));
    const messages = this.#atCaller(sipp, callIds);
    const givenUp = sipp.outcome !== 'passed';
    assertRead({ messages, local: sipp.local, credentials: request.credentials, givenUp });
    return {
      scenario: request.scenario,
      callId: callIds[0] ?? callId,
      hasCredentials: request.credentials !== undefined || request.keys?.['authorization'] !== undefined,
      sipp,
      messages,
      delivered: await deliveredOf(callIds, this.#witnesses, this.#service),
      witnesses: capture ? 2 : 1,
    };
  }

  #sippOptions(request: CallRequest): { callId: string; options: SippOptions } {
    const { user, credentials, transport, calls = 1, rate, pauseMs = 0, randomness } = request;
    const callId = `${calls > 1 ? '%u-' : ''}${randomness.uuid()}@${request.from}`;
    const tag = randomness.hex(8);
    const firstPort = randomness.integer(LEASED_PORTS.first, LEASED_PORTS.last + 1);
    const options: SippOptions = {
      scenario: request.scenario,
      remote: this.#sip,
      local: { address: request.from, firstPort },
      transport,
      service: user,
      credentials,
      authUri: user === undefined ? undefined : `${user}@${this.#domain}`,
      keys: { domain: this.#domain, tag, ...request.keys },
      callId,
      calls,
      rate,
      receiveTimeoutMs: this.#answerMs,
      timeoutMs: HARD_LIMIT_MS + pauseMs,
      extraArguments: pauseMs > 0 ? ['-d', String(pauseMs)] : [],
    };
    return { callId, options };
  }

  get #service(): Endpoint {
    return { address: this.#sip.host, port: this.#sip.port };
  }

  /** What was sent to the caller, whether or not SIPp could read it. */
  #receivedBy(sipp: SippResult, callIds: readonly string[]): readonly WireMessage[] {
    const { capture } = this.#witnesses;
    const messages = capture
      ? capture.messages({ callId: callIds, at: sipp.local })
      : messagesTraced(sipp.messages, sipp.local, this.#service);
    return messages.filter(({ destination }) => destination.port === sipp.local.port);
  }

  #atCaller(sipp: SippResult, callIds: readonly string[]): readonly WireMessage[] {
    // An earlier call may have had this port. What is still repeated to that call is not part of this one.
    const trace = sipp.messages.filter(({ text }) => callIds.includes(callIdOf(text) ?? callIds[0] ?? ''));
    const { capture } = this.#witnesses;
    if (!capture) return messagesTraced(trace, sipp.local, this.#service);
    const wire = capture.messages({ callId: callIds, at: sipp.local });
    return agreed(trace, wire, sipp.local, 'the caller');
  }
}

/** Throws a HarnessError where SIPp made another request of a response than a client does: its answer breaks no rule. */
function assertRead(reading: Parameters<typeof misreading>[0]): void {
  const why = misreading(reading);
  if (why === undefined) return;
  throw new HarnessError(`SIPp misread the service: ${why}. No verdict on this call.`);
}

/** Throws a HarnessError where the call failed because of what SIPp cannot do: that breaks no rule. */
function assertReadable(
  { errors, outcome, signal, reason }: SippResult,
  received: readonly WireMessage[],
): void {
  if (outcome === 'killed' && signal !== null) {
    throw new HarnessError(
      `${reason}. No verdict on this call: the service is not to blame for a tool that dies.`,
    );
  }
  if (errors.some((error) => error.startsWith('createAuthHeader: authentication must use MD5'))) {
    throw new HarnessError(
      'SIPp answers only challenges with MD5, and takes the first Digest there is. The service offers another ' +
        'algorithm first, or alone, which is legal (RFC 8760). No verdict on what comes after the challenge.',
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
