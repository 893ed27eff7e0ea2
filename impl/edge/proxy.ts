import { randomTag } from '../sip/random.ts';
import type { Random } from '../sip/random.ts';
import type { HeaderField, SipRequest } from '../sip/message.ts';
import { forwardedRequest } from '../sip/serialiser.ts';
import type { ServerTransaction } from '../sip/server_transaction.ts';
import type { TimerWheel } from '../sip/timer_wheel.ts';
import { TransactionLayer } from '../sip/transaction_layer.ts';
import type { TransactionUser } from '../sip/transaction_layer.ts';
import type { Endpoint, Transport } from '../sip/transport.ts';
import { viaWithSource } from '../sip/via.ts';
import { challengeAnswer, keepaliveAnswer, refusalAnswer, unavailableAnswer } from './answer.ts';
import type { ChallengeSource } from './answer.ts';
import { callerEndpoint } from './dialog.ts';
import type { Dialog, DialogEnd, DialogMatch, DialogTable, Side } from './dialog.ts';
import { NewDialogs, OngoingDialog } from './dialog_watch.ts';
import type { CalleePlaces, DialogWatch } from './dialog_watch.ts';
import type { EdgeCounters, EdgeLog } from './edge_log.ts';
import { ipv4Number } from './ipv4.ts';
import type { LoopGuard } from './loop.ts';
import type { OwnAddresses } from './own_address.ts';
import { decide } from './policy.ts';
import type { Decision, NonceUse, PolicyView } from './policy.ts';
import { ResponseContext } from './response_context.ts';
import type { ForwardingProxy } from './response_context.ts';

/** RFC 3261 16.6 step 3: what a request without Max-Forwards goes on with. */
const INITIAL_MAX_FORWARDS = 70;

/** What the proxy is made of. */
export interface ProxyParts {
  readonly wheel: TimerWheel;
  readonly random: Random;
  readonly view: PolicyView;
  readonly challenges: ChallengeSource;
  readonly nonceCounts: { accepted(nonce: string, count: number, now: number): void };
  readonly loops: LoopGuard;
  readonly dialogs: DialogTable;
  readonly own: OwnAddresses;
  /** The socket callers know; Record-Route names it. */
  readonly outer: Transport;
  /** The way to the call flow: the socket that is connected to the next hop. */
  readonly nextHop: DialogEnd;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly counters: EdgeCounters;
  readonly log: EdgeLog;
}

/** How a request leaves. */
interface Onward {
  readonly to: DialogEnd;
  readonly side: Side;
  readonly branch: string;
  readonly recordRoute: string | undefined;
}

/** The stateful proxy between callers and the call flow (RFC 3261 section 16). */
export class Proxy implements TransactionUser, ForwardingProxy {
  readonly transactions: TransactionLayer;
  readonly #parts: ProxyParts;
  readonly #recordRoute: string;
  readonly #places: CalleePlaces;
  /** The calls being set up, for CANCEL. */
  readonly #calls = new Map<ServerTransaction, ResponseContext>();
  #stopping = false;

  constructor(parts: ProxyParts) {
    this.#parts = parts;
    this.transactions = new TransactionLayer(parts.wheel, this);
    this.#recordRoute = `<sip:${parts.outer.address}:${parts.outer.port};lr>`;
    this.#places = { own: parts.own, endAt: (endpoint) => this.#calleeEnd(endpoint) };
  }

  requested(transaction: ServerTransaction, request: SipRequest): void {
    if (request.method === 'CANCEL') return this.#cancel(transaction, request);
    const { dialogs, view, now, log } = this.#parts;
    const { source } = transaction;
    const match = request.to.tag === undefined ? undefined : dialogs.find(request, source);
    if (this.#stopping && match === undefined) return transaction.respond(unavailableAnswer(this.newTag()));
    const arrival = { request, source: ipv4Number(source.address) ?? 0, inDialog: match !== undefined };
    const decision = decide(arrival, view, now());
    const { action, reason } = decision;
    log({
      level: 'info',
      event: 'sip.decision',
      method: request.method,
      action,
      reason,
      source: source.address,
    });
    if (match !== undefined && action === 'relay') this.#relay(transaction, request, match);
    else this.#carryOut(decision, transaction, request);
  }

  /** RFC 3261 16.11, 17.1.1.3: the ACK of a 2xx is a request of its own that is never answered. */
  acknowledged(ack: SipRequest, source: Endpoint): void {
    const { dialogs, own, loops, counters } = this.#parts;
    const match = dialogs.find(ack, source);
    if (match === undefined || ack.maxForwards === 0) {
      counters.strayAcks++;
      return;
    }
    dialogs.heard(match.dialog);
    const onward = onwardIn(match, loops.uniqueBranch());
    const receivedVia = viaWithSource(ack.via, source.address, source.port);
    const packet = this.#forwarded(ack, receivedVia, onward, own.isFirstRoute(ack));
    onward.to.transport.send(packet, onward.to.endpoint);
  }

  unacknowledged(): void {
    this.#parts.counters.unacknowledged++;
  }

  newTag(): string {
    return randomTag(this.#parts.random);
  }

  contextFinished(server: ServerTransaction): void {
    this.#calls.delete(server);
  }

  /** Takes no more calls; those under way go on. */
  stopAccepting(): void {
    this.#stopping = true;
  }

  /** Gives up every call that is being set up. */
  cancelAll(): void {
    for (const [server, context] of this.#calls) {
      context.cancel(503);
      server.respond(unavailableAnswer(this.newTag()));
    }
  }

  #carryOut(decision: Decision, transaction: ServerTransaction, request: SipRequest): void {
    const { challenges } = this.#parts;
    switch (decision.action) {
      case 'deliver':
        return this.#deliver(transaction, request, decision.nonceUse);
      case 'answer':
        return transaction.respond(keepaliveAnswer(this.newTag()));
      case 'challenge':
        return transaction.respond(challengeAnswer(challenges, decision.stale, this.newTag()));
      case 'refuse':
        return transaction.respond(refusalAnswer(decision.status, request, challenges, this.newTag()));
      case 'relay':
    }
  }

  #deliver(transaction: ServerTransaction, invite: SipRequest, nonceUse: NonceUse | undefined): void {
    const { dialogs, loops, nextHop, nonceCounts, now } = this.#parts;
    if (nonceUse !== undefined) nonceCounts.accepted(nonceUse.nonce, nonceUse.count, now());
    const { source, transport } = transaction;
    const caller = { endpoint: callerEndpoint(invite, source), transport };
    const onward: Onward = {
      to: nextHop,
      side: 'callee',
      branch: loops.branchOf(invite),
      recordRoute: this.#recordRoute,
    };
    this.#send(transaction, invite, onward, new NewDialogs(dialogs, caller, this.#places));
  }

  #relay(transaction: ServerTransaction, request: SipRequest, match: DialogMatch): void {
    const { dialogs, loops } = this.#parts;
    const onward = onwardIn(match, loops.branchOf(request));
    this.#send(transaction, request, onward, new OngoingDialog(dialogs, match, request, transaction.source));
  }

  #send(transaction: ServerTransaction, request: SipRequest, onward: Onward, watch: DialogWatch): void {
    const { method } = request;
    const popsRoute = this.#parts.own.isFirstRoute(request);
    const isInvite = method === 'INVITE';
    const { transport, endpoint: destination } = onward.to;
    const outgoing = {
      packet: this.#forwarded(request, transaction.receivedVia, onward, popsRoute),
      method,
      branch: onward.branch,
      transport,
      destination,
      invite: isInvite ? { request, via: viaOf(onward), popsRoute } : undefined,
    };
    const context = new ResponseContext(this, transaction, outgoing, watch);
    if (isInvite) {
      this.#calls.set(transaction, context);
      // RFC 3261 17.2.1: within 200 ms; nothing else can be known to come sooner.
      transaction.respond({ status: 100 });
    }
    context.start();
  }

  #forwarded(request: SipRequest, receivedVia: string, onward: Onward, popsRoute: boolean): Buffer {
    return forwardedRequest(request, {
      via: viaOf(onward),
      receivedVia,
      recordRoute: onward.recordRoute,
      maxForwards: request.maxForwards === undefined ? INITIAL_MAX_FORWARDS : request.maxForwards - 1,
      popsRoute,
      drops: onward.side === 'callee' ? (field) => this.#isKeptFromCallFlow(request, field) : keepsEveryField,
    });
  }

  /** Vendor fields (rule sip.headers.vendor-stripped), and the credentials that were for this realm (22.3). */
  #isKeptFromCallFlow(request: SipRequest, field: HeaderField): boolean {
    if (field.key.startsWith('x-')) return true;
    if (field.key !== 'proxy-authorization') return false;
    const { realm } = this.#parts.view;
    return request.proxyAuthorizations.some(
      (sent) => sent.field === field && sent.credentials?.realm === realm,
    );
  }

  /** RFC 3261 9.2, 16.10. */
  #cancel(transaction: ServerTransaction, cancel: SipRequest): void {
    const invite = this.transactions.inviteToCancel(cancel, transaction.source);
    if (invite === undefined) return transaction.respond({ status: 481, toTag: this.newTag() });
    transaction.respond({ status: 200, toTag: invite.toTag ?? this.newTag() });
    this.#calls.get(invite)?.cancel(487);
  }

  /** The next hop's socket is connected to it: whoever else is to be reached, is so by the other. */
  #calleeEnd(endpoint: Endpoint | undefined): DialogEnd {
    const { nextHop, outer } = this.#parts;
    const isNextHop =
      endpoint === undefined ||
      (endpoint.address === nextHop.endpoint.address && endpoint.port === nextHop.endpoint.port);
    return isNextHop ? nextHop : { endpoint, transport: outer };
  }
}

function onwardIn({ dialog, from }: DialogMatch, branch: string): Onward {
  const side: Side = from === 'caller' ? 'callee' : 'caller';
  return { to: endOf(dialog, side), side, branch, recordRoute: undefined };
}

function endOf(dialog: Dialog, side: Side): DialogEnd {
  return side === 'caller' ? dialog.caller : dialog.callee;
}

function viaOf({ to, branch }: Onward): string {
  return `SIP/2.0/${to.transport.protocol} ${to.transport.address}:${to.transport.port};branch=${branch};rport`;
}

function keepsEveryField(): boolean {
  return false;
}
