/** SIPp's counters so far. */
export interface CallCounters {
  created: number;
  /** Open now. */
  current: number;
  successful: number;
  failed: number;
  /** The reasons that SIPp counts separately, those above 0, e.g. `{ UnexpectedMessage: 1 }`. */
  failures: Record<string, number>;
}

/** The progress of a run. */
export interface SippProgress {
  elapsedMs: number;
  calls: CallCounters;
  retransmissions: number;
  /** Calls started per second since the last report. */
  rate: number;
}

type Row = Record<string, string>;

/** Reads the `-trace_stat` file as it grows: a line of names, a row per period, and one at the end. */
export class StatisticsReader {
  /** All rows, or only the last where `keepAll` is false. */
  readonly rows: Row[] = [];
  readonly #keepAll: boolean;
  #pending = '';
  #names: string[] | undefined;

  constructor(keepAll: boolean) {
    this.#keepAll = keepAll;
  }

  push(chunk: Uint8Array): void {
    const lines = (this.#pending + Buffer.from(chunk).toString('latin1')).split('\n');
    this.#pending = lines.pop()!;
    for (const line of lines) {
      // Names and values end with a separator too.
      const values = line.split(';').slice(0, -1);
      if (this.#names === undefined) {
        this.#names = values;
        continue;
      }
      if (!this.#keepAll) this.rows.length = 0;
      this.rows.push(Object.fromEntries(this.#names.map((name, column) => [name, values[column] ?? ''])));
    }
  }

  get last(): Row | undefined {
    return this.rows.at(-1);
  }
}

/** The cumulative counters of a row; all 0 where SIPp never wrote one. */
export function callCounters(row: Row | undefined): CallCounters {
  const failures: Record<string, number> = {};
  for (const [name, value] of Object.entries(row ?? {})) {
    const reason = /^Failed(?!Call\()(\w+)\(C\)$/.exec(name)?.[1];
    if (reason !== undefined && Number(value) > 0) failures[reason] = Number(value);
  }
  return {
    created: counter(row, 'TotalCallCreated'),
    current: counter(row, 'CurrentCall'),
    successful: counter(row, 'SuccessfulCall(C)'),
    failed: counter(row, 'FailedCall(C)'),
    failures,
  };
}

/** One number of a row; 0 where it is missing. */
export function counter(row: Row | undefined, name: string): number {
  const value = Number(row?.[name]);
  return Number.isFinite(value) ? value : 0;
}
