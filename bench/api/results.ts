import type { DirectoryFigures } from './directory.ts';
import type { ApiOptions } from './options.ts';
import type { Latencies } from './requests.ts';

/** In milliseconds. */
export interface Percentiles {
  readonly median: number;
  readonly p99: number;
  readonly most: number;
}

/** What reports/out/bench-api.json holds. Rate in requests a second. */
export interface ApiResults {
  readonly rate: number;
  readonly seconds: number;
  readonly requests: number;
  readonly failed: number;
  /** Of a server that does nothing, with the same client in the same run. */
  readonly bare: Percentiles;
  readonly get: Percentiles;
  readonly patch: Percentiles;
  readonly directory: DirectoryFigures;
}

/** The percentiles of what was measured. */
export function apiResults(
  { rate, seconds }: ApiOptions,
  measured: {
    readonly bare: Latencies;
    readonly latencies: Latencies;
    readonly directory: DirectoryFigures;
  },
): ApiResults {
  const { bare, directory } = measured;
  const { GET, PATCH } = measured.latencies.milliseconds;
  return {
    rate,
    seconds,
    requests: GET.length + PATCH.length,
    failed: measured.latencies.failed,
    bare: percentiles([...bare.milliseconds.GET, ...bare.milliseconds.PATCH]),
    get: percentiles(GET),
    patch: percentiles(PATCH),
    directory,
  };
}

/** Percentiles by the nearest rank; NaN if there are no values. */
export function percentiles(values: readonly number[]): Percentiles {
  const sorted = values.toSorted((a, b) => a - b);
  const rank = (part: number): number =>
    sorted[Math.max(0, Math.ceil(part * sorted.length) - 1)] ?? Number.NaN;
  return { median: rank(0.5), p99: rank(0.99), most: rank(1) };
}

/** The results as text for a terminal. */
export function apiText(results: ApiResults): string {
  const { rate, seconds, requests, failed, bare, get, patch } = results;
  const { few, many, ratio } = results.directory;
  return [
    `${requests} requests at ${rate}/s for ${seconds} s, ${failed} failed`,
    `bare   ${latencyText(bare)}`,
    `GET    ${latencyText(get)}`,
    `PATCH  ${latencyText(patch)}`,
    `an application is looked up in ${few.micros.toFixed(2)} µs among ${few.applications}, ` +
      `in ${many.micros.toFixed(2)} µs among ${many.applications}: ${ratio.toFixed(2)} times`,
  ].join('\n');
}

function latencyText({ median, p99, most }: Percentiles): string {
  return `median ${median.toFixed(2)} ms, p99 ${p99.toFixed(2)} ms, longest ${most.toFixed(2)} ms`;
}
