import type { SippResult } from 'sipp-ts-wrapper';

import type { WireMessage } from '../capture/sip_messages.ts';

/** One run of a SIPp scenario as both witnesses saw it. */
export interface Call {
  /** Path of the scenario file. */
  readonly scenario: string;
  readonly callId: string;
  /** Whether the caller was to give credentials. */
  readonly hasCredentials: boolean;
  /** SIPp's own result. */
  readonly sipp: SippResult;
  /** What went to and from the caller, in order. */
  readonly messages: readonly WireMessage[];
  /** What went to and from the voice platform in this call; undefined where no stand-in of ours is there. */
  readonly delivered: readonly WireMessage[] | undefined;
  /** Two where a capture confirms what the programs say. */
  readonly witnesses: 1 | 2;
}

/** A client transaction of the caller: a request and what was answered to it (RFC 3261 section 17.1). */
export interface CallerTransaction {
  readonly request: WireMessage;
  readonly responses: readonly WireMessage[];
  /** The first response of 200 or above. */
  readonly final: WireMessage | undefined;
  /** Responses meant as answers to it that a client must not accept, with the reason. */
  readonly strays: readonly Stray[];
}

/** A response that no client transaction accepts. */
export interface Stray {
  readonly response: WireMessage;
  /** As a clause: `its topmost Via has …`. */
  readonly reason: string;
}

interface OpenTransaction {
  readonly request: WireMessage;
  readonly branch: string | undefined;
  readonly responses: WireMessage[];
  readonly strays: Stray[];
}

/**
 * The caller's transactions, in order. Retransmissions count as one request. Leaves out ACKs, which have no answer, and
 * the requests that the caller received, with its answers to them.
 */
export function transactionsOf({ messages, sipp }: Call): CallerTransaction[] {
  const transactions = new Map<string, OpenTransaction>();
  for (const message of messages) {
    const { cseq, callId, source, status } = message;
    if (cseq === undefined || cseq.method === 'ACK') continue;
    const isOurs = source.address === sipp.local.address && source.port === sipp.local.port;
    const key = `${callId} ${cseq.number} ${cseq.method}`;
    const known = transactions.get(key);
    if (status === undefined && isOurs && !known) {
      transactions.set(key, { request: message, branch: branchOf(message), responses: [], strays: [] });
    }
    if (status !== undefined && !isOurs) sort(message, known, [...transactions.values()]);
  }
  return [...transactions.values()].map(({ request, responses, strays }) => ({
    request,
    responses,
    final: responses.find(({ status = 0 }) => status >= 200),
    strays,
  }));
}

/** Adds the response to the transaction it answers, or to the strays of the one it was meant for. */
function sort(
  response: WireMessage,
  known: OpenTransaction | undefined,
  all: readonly OpenTransaction[],
): void {
  const branch = branchOf(response);
  const meant = known ?? all.findLast((one) => one.branch === branch);
  if (!meant) return;
  const reason = strayReason(response, branch, meant);
  if (reason === undefined) meant.responses.push(response);
  else meant.strays.push({ response, reason });
}

/** Why a client does not accept the response as an answer to the request; undefined where it does. */
function strayReason(
  response: WireMessage,
  branch: string | undefined,
  { request, branch: asked }: OpenTransaction,
): string | undefined {
  if (response.cseq?.number !== request.cseq?.number || response.cseq?.method !== request.cseq?.method) {
    const [came, wanted] = [response, request].map(({ cseq }) => `${cseq?.number} ${cseq?.method}`);
    return `its CSeq is ${came}, but the request has ${wanted} (RFC 3261 section 8.2.6.2)`;
  }
  if (branch !== asked) {
    return `its topmost Via has the branch ${branch ?? '(none)'}, but the request has ${asked ?? '(none)'} (RFC 3261 section 17.1.3)`;
  }
  const announced = Number(response.header('Content-Length') ?? response.body.length);
  return announced > response.body.length
    ? `its Content-Length is ${announced}, but ${response.body.length} octets of body came (RFC 3261 section 18.3)`
    : undefined;
}

/** The branch of the topmost Via. */
function branchOf(message: WireMessage): string | undefined {
  return /;\s*branch\s*=\s*([^\s;,]+)/i.exec(message.header('Via') ?? '')?.[1];
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
