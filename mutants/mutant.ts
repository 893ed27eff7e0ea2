/** One small change to the reference's decision code, made by rule and not by hand. */
export interface Mutant {
  /** Its file, line and column, and `-2`, `-3` … where there are several: `impl/edge/policy.ts:117:7-2`. */
  readonly id: string;
  /** What the instrumented code knows it by; only good for one instrumentation. */
  readonly number: string;
  /** Relative to the repository's root. */
  readonly file: string;
  /** The line it begins in, from 1. */
  readonly line: number;
  /** The kind of change: `EqualityOperator`, for example. */
  readonly mutator: string;
  /** The line as it stands in the file, without its indentation. */
  readonly code: string;
  /** The part that is replaced. */
  readonly original: string;
  readonly replacement: string;
}
