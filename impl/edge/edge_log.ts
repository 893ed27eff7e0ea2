/** One structured log line. Values are plain data; none is a secret or a header that could hold one. */
export interface EdgeLogEntry {
  readonly level: 'info' | 'warn' | 'error';
  /** `sip.decision`, `sip.fault`, `sip.next-hop-refused`, `sip.stopped`. */
  readonly event: string;
  readonly [field: string]: unknown;
}

/** Where the edge's events go. Called on the path of a message: it must not block and must not throw. */
export type EdgeLog = (entry: EdgeLogEntry) => void;

/** What the edge counts besides calls, and what each means; all of them only rise. */
export const EDGE_COUNTERS = {
  received: 'Datagrams, and messages over TCP, that came.',
  dropped:
    'Messages nothing was done with: malformed ones without an address to answer, keep-alives, stray responses.',
  malformed: 'Malformed requests that were answered.',
  strayAcks: 'ACKs that belong to nothing.',
  unacknowledged: 'Final answers that were never acknowledged.',
  undelivered: 'Messages that could not be sent or that the network refused.',
  overloaded: 'New calls refused because there was too much to do.',
  asked: 'Requests that the other workers were asked about, as one of them may have their transaction.',
  passedOn: 'Requests that were handed to the worker that has their transaction.',
  takenOver: 'Requests that another worker got and this one has the transaction of.',
  faults: 'Exceptions caught at the socket and in timers: bugs.',
} as const;

/** The counts of one edge. */
export type EdgeCounters = Record<keyof typeof EDGE_COUNTERS, number>;

/** Counters at zero. */
export function zeroCounters(): EdgeCounters {
  return {
    received: 0,
    dropped: 0,
    malformed: 0,
    strayAcks: 0,
    unacknowledged: 0,
    undelivered: 0,
    overloaded: 0,
    asked: 0,
    passedOn: 0,
    takenOver: 0,
    faults: 0,
  };
}
