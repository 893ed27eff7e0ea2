/** One structured log line. Values are plain data; none is a secret or a header that could hold one. */
export interface EdgeLogEntry {
  readonly level: 'info' | 'warn' | 'error';
  /** `sip.decision`, `sip.fault`, `sip.next-hop-refused`, `sip.stopped`. */
  readonly event: string;
  readonly [field: string]: unknown;
}

/** Where the edge's events go. Called on the path of a message: it must not block and must not throw. */
export type EdgeLog = (entry: EdgeLogEntry) => void;

/** What the edge counts; each only rises. */
export interface EdgeCounters {
  /** Datagrams that came. */
  received: number;
  /** Datagrams nothing was done with: malformed ones without an address to answer, keep-alives, stray responses. */
  dropped: number;
  /** Malformed requests that were answered. */
  malformed: number;
  /** ACKs that belong to nothing. */
  strayAcks: number;
  /** Final answers that were never acknowledged. */
  unacknowledged: number;
  /** Datagrams that could not be sent or that the network refused. */
  undelivered: number;
  /** New calls refused because there was too much to do. */
  overloaded: number;
  /** Exceptions caught at the socket and in timers: bugs. */
  faults: number;
}

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
    faults: 0,
  };
}
