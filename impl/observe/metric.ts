/** A metric's type, meaning and labels, and how the figures of several processes are merged. */
export interface Metric {
  /** A counter only rises; a gauge is a current value. */
  readonly type: 'counter' | 'gauge';
  readonly help: string;
  readonly labels: readonly string[];
  readonly merged: 'sum' | 'max';
}

/** The metrics of one tier, by name. */
export type MetricCatalogue = Readonly<Record<string, Metric>>;

/** One figure: plain data, so that it passes between processes. */
export interface Sample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** A counter; over several processes it is summed. */
export function counter(help: string, ...labels: string[]): Metric {
  return { type: 'counter', help, labels, merged: 'sum' };
}

/** A gauge; over several processes it is summed, unless `merged` says otherwise. */
export function gauge(help: string, merged: Metric['merged'] = 'sum'): Metric {
  return { type: 'gauge', help, labels: [], merged };
}

/** Turns `strayAcks` into `stray_acks`, as Prometheus spells names and labels. */
export function snakeCase(key: string): string {
  return key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

/** Merges the figures of several processes into one set. A sample that the catalogue lacks is summed. */
export function mergedSamples(samples: readonly Sample[], catalogue: MetricCatalogue): Sample[] {
  const merged = new Map<string, Sample>();
  for (const sample of samples) {
    const { name, labels, value } = sample;
    const key = JSON.stringify([name, labels]);
    const known = merged.get(key);
    if (known === undefined) merged.set(key, sample);
    else {
      const both = catalogue[name]?.merged === 'max' ? Math.max(known.value, value) : known.value + value;
      merged.set(key, { name, labels, value: both });
    }
  }
  return [...merged.values()];
}

/** The figures of an ended process that still count: its counters, since a counter never falls. */
export function lastingSamples(samples: readonly Sample[], catalogue: MetricCatalogue): Sample[] {
  return samples.filter(({ name }) => catalogue[name]?.type === 'counter');
}
