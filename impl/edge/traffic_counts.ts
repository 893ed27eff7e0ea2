import type { DecisionReason } from './decision.ts';

/** How a call was let in. */
export type Admission = Extract<DecisionReason, 'source-trusted' | 'digest-right'>;

/** Why a call was refused: a decision's reason, or that the edge took no more calls. */
export type RefusalReason = DecisionReason | 'overloaded' | 'stopping';

/** Methods with a count of their own; whatever else a client makes up is `other`. */
const METHODS = [
  'INVITE',
  'CANCEL',
  'BYE',
  'OPTIONS',
  'REGISTER',
  'SUBSCRIBE',
  'NOTIFY',
  'PUBLISH',
  'MESSAGE',
  'INFO',
  'PRACK',
  'UPDATE',
  'REFER',
] as const;
const METHOD_PLACES: ReadonlyMap<string, number> = new Map(METHODS.map((method, place) => [method, place]));
const OTHER = METHODS.length;

/** Final status codes with a count of their own: those registered with IANA. Others are counted by class. */
const REGISTERED: ReadonlySet<number> = new Set([
  200, 202, 204, 300, 301, 302, 305, 380, 400, 401, 402, 403, 404, 405, 406, 407, 408, 410, 412, 413, 414,
  415, 416, 417, 420, 421, 422, 423, 424, 425, 428, 429, 430, 433, 436, 437, 438, 439, 440, 469, 470, 480,
  481, 482, 483, 484, 485, 486, 487, 488, 489, 491, 493, 494, 500, 501, 502, 503, 504, 505, 513, 555, 580,
  600, 603, 604, 606, 607, 608,
]);
const STATUS_LIMIT = 1000;

/** How many calls had this outcome. */
export interface CallCount {
  readonly outcome: 'delivered' | 'refused';
  /** The final status code; its class (`4xx`) if the code is not registered. */
  readonly code: string;
  readonly reason: Admission | RefusalReason;
  readonly count: number;
}

/**
 * The requests and calls an edge has seen. Counting is on the path of every message, so it only adds to a number that
 * exists already. Method names and codes are bounded, whatever clients and callees send.
 */
export class TrafficCounts {
  readonly #requests = new Float64Array(METHODS.length + 1);
  readonly #delivered: Readonly<Record<Admission, Float64Array>> = {
    'source-trusted': new Float64Array(STATUS_LIMIT),
    'digest-right': new Float64Array(STATUS_LIMIT),
  };
  readonly #refused = new Map<RefusalReason, { readonly status: number; count: number }>();
  /** Challenges: `stale` ones answer a nonce that is no longer valid, `first` ones are all others. */
  readonly challenges = { first: 0, stale: 0 };

  /** Counts a request that is neither a retransmission nor an ACK. */
  requested(method: string): void {
    this.#requests[METHOD_PLACES.get(method) ?? OTHER]!++;
  }

  /** Counts a challenge. */
  challenged(stale: boolean): void {
    if (stale) this.challenges.stale++;
    else this.challenges.first++;
  }

  /** Counts a refused call. */
  refused(reason: RefusalReason, status: number): void {
    const known = this.#refused.get(reason);
    if (known === undefined) this.#refused.set(reason, { status, count: 1 });
    else known.count++;
  }

  /** Counts the final answer to a call that was let in. */
  answered(admission: Admission, status: number): void {
    this.#delivered[admission][status]!++;
  }

  /** Requests by method. */
  requests(): { method: string; count: number }[] {
    return [...METHODS, 'other'].map((method, place) => ({ method, count: this.#requests[place]! }));
  }

  /** Calls by how they ended; counts of zero are left out. */
  calls(): CallCount[] {
    const refused = [...this.#refused].map(([reason, { status, count }]) => ({
      outcome: 'refused' as const,
      code: String(status),
      reason,
      count,
    }));
    return [...this.#answeredCalls('source-trusted'), ...this.#answeredCalls('digest-right'), ...refused];
  }

  #answeredCalls(reason: Admission): CallCount[] {
    const byCode = new Map<string, number>();
    for (const [status, count] of this.#delivered[reason].entries()) {
      if (count === 0) continue;
      const code = REGISTERED.has(status) ? String(status) : `${Math.floor(status / 100)}xx`;
      byCode.set(code, (byCode.get(code) ?? 0) + count);
    }
    return [...byCode].map(([code, count]) => ({ outcome: 'delivered', code, reason, count }));
  }
}
