/** Asks the launcher for a SIPp: a line of JSON. */
export interface LaunchRequest {
  /** Unique among the requests to a launcher. */
  readonly id: number;
  /** Absolute. */
  readonly executable: string;
  readonly args: readonly string[];
  /** Its working directory. */
  readonly folder: string;
  /** Where its standard error goes; its screen output is discarded. */
  readonly stderrFile: string;
}

/** What the launcher says of a request: a line of JSON. `refused` stands alone, `ended` comes after `started`. */
export type LaunchReport = { readonly id: number } & (
  | { readonly kind: 'started'; readonly pid: number }
  /** With the system's error code. */
  | { readonly kind: 'refused'; readonly reason: string }
  | ({ readonly kind: 'ended' } & LaunchEnd)
);

/** How a launched process ended. */
export interface LaunchEnd {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly durationMs: number;
}
