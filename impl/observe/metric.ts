/** What a metric is: its sort, its meaning, its labels, and how the figures of several processes become one. */
export interface Metric {
  /** A counter only rises; a gauge is what is there now. */
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

export function counter(help: string, ...labels: string[]): Metric {
  return { type: 'counter', help, labels, merged: 'sum' };
}

export function gauge(help: string, merged: Metric['merged'] = 'sum'): Metric {
  return { type: 'gauge', help, labels: [], merged };
}

/** `stray_acks` of `strayAcks`: Prometheus spells names and labels so. */
export function snakeCase(key: string): string {
  return key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

/** The figures of several processes as those of one. A sample that the catalogue lacks is summed up. */
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

/** Those figures that stay true of a process that is gone: a counter never falls. */
export function lastingSamples(samples: readonly Sample[], catalogue: MetricCatalogue): Sample[] {
  return samples.filter(({ name }) => catalogue[name]?.type === 'counter');
}
