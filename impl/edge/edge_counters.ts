import { ENDPOINT_COUNTERS, type EndpointCounters } from '../sip/endpoint.ts';

/** What the proxy counts, besides calls and the counts of its SIP endpoint. All of them only rise. */
const PROXY_COUNTERS = {
  strayAcks: 'ACKs that belong to no transaction and no dialog.',
  unacknowledged: 'Final answers that were never acknowledged.',
  overloaded: 'New calls refused because the edge was overloaded.',
  asked: 'Requests that the other workers were asked about, as one of them may have their transaction.',
  passedOn: 'Requests handed to the worker that has their transaction.',
  takenOver: 'Requests received from another worker, because this one has their transaction.',
} as const;

/** The counts of the proxy. */
export type ProxyCounters = Record<keyof typeof PROXY_COUNTERS, number>;

/** What each count of an edge means, by its name. */
export const EDGE_COUNTERS = { ...ENDPOINT_COUNTERS, ...PROXY_COUNTERS };

/** The counts of one edge. */
export type EdgeCounters = EndpointCounters & ProxyCounters;

/** Counters at zero. */
export function zeroCounters(): ProxyCounters {
  return { strayAcks: 0, unacknowledged: 0, overloaded: 0, asked: 0, passedOn: 0, takenOver: 0 };
}
