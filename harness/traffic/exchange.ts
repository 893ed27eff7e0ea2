import type { HttpAnswer } from '../clients/http.ts';
import type { Attempt } from './attempt.ts';
import type { Call } from './call.ts';
import type { RawExchange } from './raw.ts';
import type { StreamAttempt } from './raw_stream.ts';
import type { StreamExchange } from './stream.ts';

/** The kinds of exchanges, with what each results in. */
export interface ExchangeKinds {
  /** An answer of an HTTP API. */
  readonly answer: HttpAnswer;
  readonly call: Call;
  /** Octets that were sent as they are. */
  readonly raw: RawExchange;
  /** Requests that were written by hand and sent together. */
  readonly round: readonly Attempt[];
  /** Octets over TCP connections of their own, sent together. */
  readonly streams: readonly StreamAttempt[];
  /** Requests over one TCP connection. */
  readonly stream: StreamExchange;
}

/** One thing that a scenario sent to the target, with what came back. */
export type Exchange = {
  readonly [K in keyof ExchangeKinds]: { readonly kind: K; readonly result: ExchangeKinds[K] };
}[keyof ExchangeKinds];

/** The results of the exchanges of one kind, in order. */
export function resultsOf<K extends keyof ExchangeKinds>(
  exchanges: readonly Exchange[],
  kind: K,
): ExchangeKinds[K][] {
  const isOfKind = (
    exchange: Exchange,
  ): exchange is Exchange & { readonly kind: K; readonly result: ExchangeKinds[K] } => exchange.kind === kind;
  return exchanges.filter(isOfKind).map(({ result }) => result);
}
