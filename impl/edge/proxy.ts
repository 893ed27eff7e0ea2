import { ipv4Number } from '../net/ipv4.ts';
import type { SocketAddress } from '../net/socket_address.ts';
import type { Log } from '../observe/log.ts';
import type { KeyedHash } from '../runtime/keyed_hash.ts';
import type { Random } from '../runtime/random.ts';
import type { HeaderField, SipRequest } from '../sip/message.ts';
import type { ResponseContent, RouteChange } from '../sip/serialiser.ts';
import type { ServerTransaction } from '../sip/server_transaction.ts';
import { randomTag, TAG_OCTETS } from '../sip/tag.ts';
import type { TransactionLayer, TransactionUser } from '../sip/transaction_layer.ts';
import type { Transport } from '../sip/transport.ts';
import { viaWithSource } from '../sip/via.ts';
import type { ChallengeSource } from './answer.ts';
import type { Branches } from './branches.ts';
import type { Decision, PolicyView } from './decision.ts';
import { callerEnd, type DialogEnd, type DialogTable } from './dialog.ts';
import type { DialogMatch, DialogRouting } from './dialog_routing.ts';
import { DialogEnding, NewDialogs, TargetRefresh, UNWATCHED, type DialogWatch } from './dialog_watch.ts';
import type { ProxyCounters } from './edge_counters.ts';
import type { EdgeParts } from './edge_parts.ts';
import type { LoopGuard } from './loop.ts';
import type { Overload } from './overload.ts';
import type { OwnAddresses } from './own_address.ts';
import { routedRequest, type RoutedRequest } from './own_route.ts';
import { NO_RECORDS, recordsFor, type RecordSource } from './records.ts';
import { ResponseContext, type ForwardingProxy } from './response_context.ts';
import type { Admission, TrafficCounts } from './traffic_counts.ts';

/** The Max-Forwards that a request without one is forwarded with (RFC 3261 16.6 step 3). */
const INITIAL_MAX_FORWARDS = 70;
/** In-dialog requests that may move the ends of their dialog (RFC 3261 12.2, RFC 3311). */
const TARGET_REFRESHES: ReadonlySet<string> = new Set(['INVITE', 'UPDATE']);

/** What the proxy is made of. */
export interface ProxyParts {
  readonly parts: EdgeParts;
  readonly transactions: TransactionLayer;
  readonly random: Random;
  readonly records: RecordSource;
  readonly view: PolicyView;
  readonly challenges: ChallengeSource;
  readonly nonceCounts: { accepted(nonce: string, count: number, now: number): void };
  /** Makes the To tags of answers without state: a repeated request gets the same again (RFC 3261 8.2.7). */
  readonly statelessTags: KeyedHash;
  readonly overload: Overload;
  readonly branches: Branches;
  readonly loops: LoopGuard;
  readonly dialogs: DialogTable;
  readonly routing: DialogRouting;
  readonly own: OwnAddresses;
  /** The voice platform, by the socket that is connected to it. */
  readonly platform: DialogEnd;
  /** Milliseconds of the nonces' clock, which never goes back. */
  readonly now: () => number;
  readonly counters: ProxyCounters;
  readonly traffic: TrafficCounts;
  /** Hears when a dialog has ended, as other processes may remember it. */
  readonly dialogEnded: (dialogKey: string) => void;
  /** Hears of each decision; undefined: decisions are not logged. */
  readonly log: Log | undefined;
}

/** How a request is sent on. */
interface Onward {
  readonly to: DialogEnd;
  /** Whether it goes to the voice platform, which does not get every field. */
  readonly isToPlatform: boolean;
  readonly branch: string;
  readonly recordRoute: string | undefined;
  readonly route: RouteChange;
}

/** How a forwarded request is followed. */
interface Following {
  readonly watch: DialogWatch;
  /** How the call was let in; undefined for an in-dialog request. */
  readonly admission: Admission | undefined;
}

type Delivery = Extract<Decision, { action: 'deliver' }>;

/** The stateful proxy between callers and the voice platform (RFC 3261 section 16). */
export class Proxy implements TransactionUser, ForwardingProxy {
  readonly transactions: TransactionLayer;
  readonly forwardedResponse: EdgeParts['forwardedResponse'];
  readonly #forwardedRequest: EdgeParts['forwardedRequest'];
  readonly #decide: EdgeParts['decide'];
  readonly #answers: EdgeParts['answers'];
  readonly #parts: ProxyParts;
  /** The calls that are being set up, which CANCEL needs. */
  readonly #calls = new Map<ServerTransaction, ResponseContext>();
  #stopping = false;

  constructor(parts: ProxyParts) {
    this.#parts = parts;
    this.transactions = parts.transactions;
    const { decide, answers, forwardedRequest, forwardedResponse } = parts.parts;
    this.#decide = decide;
    this.#answers = answers;
    this.#forwardedRequest = forwardedRequest;
    this.forwardedResponse = forwardedResponse;
  }

  requested(transaction: ServerTransaction, received: SipRequest): void {
    try {
      this.#judge(transaction, received);
    } catch (error) {
      // The store may fail, and a bug is possible; neither may leave a client without an answer.
      transaction.respond({ status: 500, toTag: this.newTag() });
      throw error;
    }
  }

  #judge(transaction: ServerTransaction, received: SipRequest): void {
    this.#parts.traffic.requested(received.method);
    if (received.method === 'CANCEL') return this.#cancel(transaction, received);
    const { routing, own, records: from, view, now, log } = this.#parts;
    const { source } = transaction;
    const routed = routedRequest(received, own);
    const { request } = routed;
    const match = routing.matchOf(routed, source, transaction.transport);
    if (match === undefined && this.#refusesCall(transaction)) return this.#refuseCall(transaction);
    const address = ipv4Number(source.address) ?? 0;
    const records = beginsCall(request) ? recordsFor(request, address, from) : NO_RECORDS;
    const arrival = { request, source: address, inDialog: match !== undefined, records };
    const decision = this.#decide(arrival, view, now());
    const { action, reason } = decision;
    log?.({
      level: 'info',
      event: 'sip.decision',
      method: request.method,
      action,
      reason,
      source: source.address,
    });
    if (match !== undefined && action === 'relay') this.#relay(transaction, routed, match);
    else this.#carryOut(decision, transaction, routed);
  }

  /** The ACK of a 2xx is a request of its own that is never answered (RFC 3261 16.11, 17.1.1.3). */
  acknowledged(ack: SipRequest, source: SocketAddress, transport: Transport): void {
    const { dialogs, routing, own, branches, counters } = this.#parts;
    const routed = routedRequest(ack, own);
    const match = routing.matchOf(routed, source, transport);
    if (match === undefined || ack.maxForwards === 0) {
      counters.strayAcks++;
      return;
    }
    dialogs.heard(match.dialog);
    const onward = onwardIn(match, routed, branches.unique());
    const receivedVia = viaWithSource(ack.via, source.address, source.port);
    onward.to.transport.send(this.#forwarded(routed.request, receivedVia, onward), onward.to.endpoint);
  }

  unacknowledged(): void {
    this.#parts.counters.unacknowledged++;
  }

  newTag(): string {
    return randomTag(this.#parts.random);
  }

  contextFinished(server: ServerTransaction, status: number, admission: Admission | undefined): void {
    this.#calls.delete(server);
    if (admission !== undefined) this.#parts.traffic.answered(admission, status);
  }

  /** Refuses new calls from now on; the others go on. */
  stopAccepting(): void {
    this.#stopping = true;
  }

  /** Cancels every call that is being set up. */
  cancelAll(): void {
    for (const [server, context] of this.#calls) {
      context.cancel(503);
      server.respond(this.#answers.unavailableAnswer(this.newTag()));
    }
  }

  #refusesCall({ method, prefix }: ServerTransaction): boolean {
    if (this.#stopping) return true;
    if (method !== 'INVITE') return false;
    return this.#parts.overload.refusesCall() || !this.transactions.calls.hasRoom(prefix);
  }

  /** A To tag for an answer to a request that is not admitted. */
  #tagFor({ key, prefix }: ServerTransaction): string {
    if (this.transactions.strangers.hasRoom(prefix)) return this.newTag();
    return this.#parts.statelessTags.digest(key).toString('hex', 0, TAG_OCTETS);
  }

  /** Answers once and forgets the request: refusing a call under overload must cost nothing more. */
  #refuseCall(transaction: ServerTransaction): void {
    if (!this.#stopping) this.#parts.counters.overloaded++;
    if (transaction.method === 'INVITE') {
      this.#parts.traffic.refused(this.#stopping ? 'stopping' : 'overloaded', 503);
    }
    transaction.respond(this.#answers.unavailableAnswer(this.newTag()));
    transaction.abandon();
  }

  #carryOut(decision: Decision, transaction: ServerTransaction, routed: RoutedRequest): void {
    const { challenges, traffic } = this.#parts;
    switch (decision.action) {
      case 'deliver':
        return this.#deliver(transaction, routed, decision);
      case 'answer':
        return transaction.respond(this.#answers.keepaliveAnswer(this.#tagFor(transaction)));
      case 'challenge':
        traffic.challenged(decision.stale);
        return transaction.respond(
          this.#answers.challengeAnswer(challenges, decision.stale, this.#tagFor(transaction)),
        );
      case 'refuse': {
        if (transaction.method === 'INVITE') traffic.refused(decision.reason, decision.status);
        const { request } = routed;
        const tag = this.#tagFor(transaction);
        const answer = this.#answers.refusalAnswer(decision.status, request, challenges, tag);
        if (decision.status === 405) return this.#refuseHere(transaction, request, answer);
        return transaction.respond(answer);
      }
      case 'relay':
    }
  }

  /**
   * Refuses a request that ends here. A copy that came by another way gets 482 (RFC 3261 8.2.2.2). A ping does not:
   * there are clients that send the same one every second, under new branches.
   */
  #refuseHere(transaction: ServerTransaction, request: SipRequest, refusal: ResponseContent): void {
    const isMerged = this.transactions.isMerged(transaction, request);
    transaction.respond(isMerged ? { ...refusal, status: 482, headers: [] } : refusal);
  }

  #deliver(transaction: ServerTransaction, routed: RoutedRequest, { nonceUse, reason }: Delivery): void {
    const { dialogs, routing, loops, platform, nonceCounts, now } = this.#parts;
    const { request } = routed;
    if (nonceUse !== undefined) nonceCounts.accepted(nonceUse.nonce, nonceUse.count, now());
    const { source, transport } = transaction;
    const caller = callerEnd(request, source, transport);
    const recorded = routing.routeForCallee(
      { callId: request.callId, callerTag: request.from.tag ?? '' },
      caller,
    );
    const onward = {
      to: platform,
      isToPlatform: true,
      branch: loops.branchOf(request),
      recordRoute: recorded.value,
      // A route that the caller has made up must not steer the voice platform.
      route: 'removeAll',
    } as const;
    const watch = new NewDialogs(dialogs, routing, { caller, recorded });
    this.#send(transaction, request, onward, { watch, admission: reason });
  }

  #relay(transaction: ServerTransaction, routed: RoutedRequest, match: DialogMatch): void {
    const { dialogs, loops } = this.#parts;
    dialogs.heard(match.dialog);
    const refresh = this.#refreshOf(transaction, routed.request, match);
    const watch = refresh ?? this.#endingOf(routed.request, match);
    const onward = onwardIn(match, routed, loops.branchOf(routed.request), refresh?.recorded.value);
    this.#send(transaction, routed.request, onward, { watch, admission: undefined });
  }

  #refreshOf(
    { source: endpoint, transport }: ServerTransaction,
    request: SipRequest,
    match: DialogMatch,
  ): TargetRefresh | undefined {
    if (!TARGET_REFRESHES.has(request.method)) return undefined;
    const { dialogs, routing } = this.#parts;
    return new TargetRefresh(dialogs, routing, match, { request, endpoint, transport });
  }

  #endingOf(request: SipRequest, { from: side }: DialogMatch): DialogWatch {
    if (request.method !== 'BYE') return UNWATCHED;
    const { dialogs, dialogEnded } = this.#parts;
    return new DialogEnding(request, side, (key) => {
      dialogs.end(key);
      dialogEnded(key);
    });
  }

  #send(
    transaction: ServerTransaction,
    request: SipRequest,
    onward: Onward,
    { watch, admission }: Following,
  ): void {
    transaction.admit();
    const { method } = request;
    const isInvite = method === 'INVITE';
    const { transport, endpoint: destination } = onward.to;
    const outgoing = {
      packet: this.#forwarded(request, transaction.receivedVia, onward),
      method,
      branch: onward.branch,
      transport,
      destination,
      invite: isInvite ? { request, via: viaOf(onward), route: onward.route } : undefined,
    };
    const context = new ResponseContext(this, transaction, outgoing, watch, admission);
    if (isInvite) this.#calls.set(transaction, context);
    context.start();
  }

  #forwarded(request: SipRequest, receivedVia: string, onward: Onward): Buffer {
    return this.#forwardedRequest(request, {
      via: viaOf(onward),
      receivedVia,
      recordRoute: onward.recordRoute,
      maxForwards: request.maxForwards === undefined ? INITIAL_MAX_FORWARDS : request.maxForwards - 1,
      route: onward.route,
      isOverStream: onward.to.transport.reliable,
      drops: onward.isToPlatform ? (field) => this.#isKeptFromPlatform(request, field) : keepsEveryField,
    });
  }

  /** Whether it is a vendor field (rule sip.headers.vendor-stripped) or holds credentials for this realm (22.3). */
  #isKeptFromPlatform(request: SipRequest, field: HeaderField): boolean {
    if (field.key.startsWith('x-')) return true;
    if (field.key !== 'proxy-authorization') return false;
    const { realm } = this.#parts.view;
    return request.proxyAuthorizations.some(
      (sent) => sent.field === field && sent.credentials?.realm === realm,
    );
  }

  /** Cancels the call that is being set up (RFC 3261 9.2, 16.10). */
  #cancel(transaction: ServerTransaction, cancel: SipRequest): void {
    const invite = this.transactions.inviteToCancel(cancel, transaction.source);
    if (invite === undefined) return transaction.respond({ status: 481, toTag: this.newTag() });
    transaction.respond({ status: 200, toTag: invite.toTag ?? this.newTag() });
    this.#calls.get(invite)?.cancel(487);
  }
}

/** Whether it is an INVITE outside any dialog: only these need a look-up. */
function beginsCall({ method, to }: SipRequest): boolean {
  return method === 'INVITE' && to.tag === undefined;
}

function onwardIn(
  { from, to }: DialogMatch,
  { popsRoute }: RoutedRequest,
  branch: string,
  recordRoute?: string,
): Onward {
  const route = popsRoute ? 'removeFirst' : 'keep';
  return { to, isToPlatform: from === 'caller', branch, recordRoute, route };
}

function viaOf({ to, branch }: Onward): string {
  return `SIP/2.0/${to.transport.protocol} ${to.transport.address}:${to.transport.port};branch=${branch};rport`;
}

function keepsEveryField(): boolean {
  return false;
}
