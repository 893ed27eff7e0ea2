import { Timer, type TimerOwner } from '../runtime/timer_wheel.ts';
import type {
  ClientTransaction,
  ClientTransactionUser,
  FailureCause,
  OutgoingRequest,
} from '../sip/client_transaction.ts';
import type { SipResponse } from '../sip/message.ts';
import { cancelOf } from '../sip/serialiser.ts';
import type { ServerTransaction } from '../sip/server_transaction.ts';
import type { TransactionLayer } from '../sip/transaction_layer.ts';
import { SIXTY_FOUR_T1 } from '../sip/transaction_table.ts';
import type { DialogWatch } from './dialog_watch.ts';
import type { EdgeParts } from './edge_parts.ts';
import type { Admission } from './traffic_counts.ts';

/** Timer C in milliseconds; it must be longer than three minutes (RFC 3261 16.6 step 11). */
const TIMER_C = 181_000;

/** The proxy that forwards the request. */
export interface ForwardingProxy {
  readonly transactions: TransactionLayer;
  /** The response as it goes back upstream. */
  readonly forwardedResponse: EdgeParts['forwardedResponse'];
  /** A To tag for an answer of the proxy's own. */
  newTag(): string;
  /**
   * The request of `server` got `status` in the end, and no further answer is expected. `admission` is how the call was
   * let in; undefined for an in-dialog request.
   */
  contextFinished(server: ServerTransaction, status: number, admission: Admission | undefined): void;
}

/** Why success is no longer wanted: the status the caller gets if the next hop stays silent. */
export type GivenUp = 408 | 487 | 503;

/** The status that a failure to reach the next hop stands for (RFC 3261 16.9, 21.5.14). */
const FAILURE_STATUS = { timeout: 408, transport: 503, tooLarge: 513 } as const satisfies Record<
  FailureCause,
  number
>;

type ContextTimer = 'timerC' | 'cancelUnanswered';

const UNHEARD: ClientTransactionUser = { answered() {}, failed() {} };

/**
 * The response context of a request with one target (RFC 3261 16.7 to 16.10): what came back, what goes upstream,
 * and the CANCEL, which waits for a first provisional response (9.1).
 */
export class ResponseContext implements ClientTransactionUser, TimerOwner<ContextTimer> {
  readonly #proxy: ForwardingProxy;
  readonly #server: ServerTransaction;
  readonly #isInvite: boolean;
  readonly #watch: DialogWatch;
  readonly #admission: Admission | undefined;
  readonly #timer = new Timer<ContextTimer>(this);
  #client: ClientTransaction | undefined;
  // Released with the final response: this object lives on for half a minute, as 2xx may be repeated.
  #outgoing: OutgoingRequest | undefined;
  #heard = false;
  #final = false;
  #givenUp: GivenUp | undefined;

  constructor(
    proxy: ForwardingProxy,
    server: ServerTransaction,
    outgoing: OutgoingRequest,
    watch: DialogWatch,
    admission: Admission | undefined,
  ) {
    this.#proxy = proxy;
    this.#server = server;
    this.#outgoing = outgoing;
    this.#isInvite = outgoing.method === 'INVITE';
    this.#watch = watch;
    this.#admission = admission;
  }

  /** Sends the request. */
  start(): void {
    if (this.#isInvite) this.#startTimer('timerC', TIMER_C);
    if (this.#outgoing !== undefined) this.#client = this.#proxy.transactions.send(this.#outgoing, this);
  }

  answered(response: SipResponse): void {
    if (response.status < 200) return this.#provisional(response);
    this.#sendUpstream(response);
    this.#finish(response.status);
  }

  failed(cause: FailureCause): void {
    const isSilent = cause === 'timeout';
    this.#answerInstead((isSilent ? this.#givenUp : undefined) ?? FAILURE_STATUS[cause]);
  }

  /** Success is no longer wanted (RFC 3261 9.2, 16.8): the next hop gets a CANCEL as soon as that is allowed. */
  cancel(status: GivenUp): void {
    if (this.#final || this.#givenUp !== undefined) return;
    this.#givenUp = status;
    if (this.#heard) this.#sendCancel();
  }

  timerFired(event: ContextTimer): void {
    // RFC 3261 16.8: if nothing came back there is nothing to cancel.
    if (event === 'timerC' && this.#heard) return this.cancel(408);
    // RFC 3261 9.1: 64·T1 after the CANCEL the INVITE counts as cancelled, whatever the next hop does.
    this.#client?.abandon();
    this.#answerInstead(this.#givenUp ?? 408);
  }

  #provisional(response: SipResponse): void {
    const isFirst = !this.#heard;
    this.#heard = true;
    if (response.status > 100) {
      if (this.#isInvite && this.#givenUp === undefined) this.#startTimer('timerC', TIMER_C);
      this.#sendUpstream(response);
    }
    if (isFirst && this.#givenUp !== undefined) this.#sendCancel();
  }

  #sendUpstream(response: SipResponse): void {
    const rewrite = this.#watch.answered(response);
    const isOverStream = this.#server.transport.reliable;
    this.#server.send(response.status, this.#proxy.forwardedResponse(response, { rewrite, isOverStream }));
  }

  #sendCancel(): void {
    if (this.#outgoing?.invite === undefined) return;
    const { invite, branch, transport, destination } = this.#outgoing;
    const cancel = {
      packet: cancelOf(invite),
      method: 'CANCEL',
      branch,
      transport,
      destination,
      invite: undefined,
    };
    this.#proxy.transactions.send(cancel, UNHEARD);
    this.#startTimer('cancelUnanswered', SIXTY_FOUR_T1);
  }

  /** Only an INVITE gets 408 (RFC 4320 4.2): the client of any other method has timed out by itself. */
  #answerInstead(status: GivenUp | 513): void {
    if (status === 408 && !this.#isInvite) this.#server.abandon();
    else this.#server.respond({ status, toTag: this.#proxy.newTag() });
    this.#finish(status);
  }

  #finish(status: number): void {
    if (this.#final) return;
    this.#final = true;
    this.#outgoing = undefined;
    this.#proxy.transactions.wheel.stop(this.#timer);
    this.#watch.finished(status);
    this.#proxy.contextFinished(this.#server, status, this.#admission);
  }

  #startTimer(event: ContextTimer, delayMs: number): void {
    this.#proxy.transactions.wheel.start(this.#timer, event, delayMs);
  }
}
