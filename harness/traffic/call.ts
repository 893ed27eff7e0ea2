import type { SippResult } from 'sipp-ts-wrapper';
import type { WireMessage } from '../capture/sip_messages.ts';

/** One run of a SIPp scenario as both witnesses saw it. */
export interface Call {
  /** Path of the scenario file. */
  readonly scenario: string;
  readonly callId: string;
  /** What SIPp itself made of it. */
  readonly sipp: SippResult;
  /** What went to and from the caller, in order. */
  readonly messages: readonly WireMessage[];
  /** What went to and from the voice platform in this call; undefined where nobody of ours stands there. */
  readonly delivered: readonly WireMessage[] | undefined;
  /** Two where the wire confirms what the programs say. */
  readonly witnesses: 1 | 2;
}

/** A client transaction of the caller: a request and what was answered to it (RFC 3261 section 17.1). */
export interface CallerTransaction {
  readonly request: WireMessage;
  readonly responses: readonly WireMessage[];
  /** The first response of 200 or above. */
  readonly final: WireMessage | undefined;
}

/**
 * The caller's transactions, in order, retransmissions folded away; ACKs, which have no answer, left out, and so are
 * requests that the caller was sent, with its answers to them.
 */
export function transactionsOf({ messages, sipp }: Call): CallerTransaction[] {
  const transactions = new Map<string, { request: WireMessage; responses: WireMessage[] }>();
  for (const message of messages) {
    const { cseq, callId, source, status } = message;
    if (cseq === undefined || cseq.method === 'ACK') continue;
    const isOurs = source.address === sipp.local.address && source.port === sipp.local.port;
    const key = `${callId} ${cseq.number} ${cseq.method}`;
    const known = transactions.get(key);
    if (status === undefined && isOurs && !known) transactions.set(key, { request: message, responses: [] });
    if (status !== undefined && !isOurs) known?.responses.push(message);
  }
  return [...transactions.values()].map(({ request, responses }) => ({
    request,
    responses,
    final: responses.find(({ status = 0 }) => status >= 200),
  }));
}

/** The caller's INVITE transactions, in order. */
export function invitesOf(call: Call): CallerTransaction[] {
  return transactionsOf(call).filter(({ request }) => request.method === 'INVITE');
}

/** The names of all headers the caller sent, as it wrote them. */
export function headersSent(call: Call): ReadonlySet<string> {
  const requests = call.messages.filter(({ method }) => method !== undefined);
  return new Set(requests.flatMap(({ headers }) => headers.map(([name]) => name.trim())));
}
