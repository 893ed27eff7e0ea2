import { ENDPOINT_COUNTERS, type EndpointCounters } from '../sip/endpoint.ts';

/** What the edge counts besides calls and what its endpoint counts; all of them only rise. */
const PROXY_COUNTERS = {
  strayAcks: 'ACKs that belong to nothing.',
  unacknowledged: 'Final answers that were never acknowledged.',
  overloaded: 'New calls refused because there was too much to do.',
  asked: 'Requests that the other workers were asked about, as one of them may have their transaction.',
  passedOn: 'Requests that were handed to the worker that has their transaction.',
  takenOver: 'Requests that another worker got and this one has the transaction of.',
} as const;

export type ProxyCounters = Record<keyof typeof PROXY_COUNTERS, number>;

/** What each count of an edge means. */
export const EDGE_COUNTERS = { ...ENDPOINT_COUNTERS, ...PROXY_COUNTERS };

/** The counts of one edge. */
export type EdgeCounters = EndpointCounters & ProxyCounters;

/** Counters at zero. */
export function zeroCounters(): ProxyCounters {
  return { strayAcks: 0, unacknowledged: 0, overloaded: 0, asked: 0, passedOn: 0, takenOver: 0 };
}
