import type { Endpoint } from '../../capture/endpoint.ts';
import type { WireMessage } from '../../capture/sip_messages.ts';
import type { Side } from '../../model/delivery.ts';
import type { DeliveryRow } from '../../model/delivery_rows.ts';

/** A message that somebody sent through the service, and what the other side got. */
export interface Passage {
  readonly row: DeliveryRow;
  /** Undefined where it was not sent, as what comes before it in a call went wrong. */
  readonly sent: WireMessage | undefined;
  /** Undefined where the other side never got it. */
  readonly came: WireMessage | undefined;
  /** What its sender got instead of an answer from the other side. */
  readonly refusal?: WireMessage | undefined;
  readonly call: CallFacts;
}

/** What of a call its messages are judged by. */
export interface CallFacts {
  readonly callId: string;
  /** Where each side sends from, as the service sees it. */
  readonly ends: Readonly<Record<Side, Endpoint>>;
  /** The realm of the service. */
  readonly realm: string;
  /** Route and Record-Route values of proxies that are not the service. */
  readonly proxies: readonly string[];
}
