/** What may become of a mutant. */
export const MUTANT_STATUSES = ['killed', 'survived', 'unreached', 'equivalent', 'broken'] as const;

/** What became of a mutant. */
export interface MutantOutcome {
  readonly id: string;
  /** Relative to the repository's root. */
  readonly file: string;
  readonly line: number;
  readonly mutator: string;
  readonly original: string;
  readonly replacement: string;
  /**
   * `killed`: a scenario failed, or the reference did not get ready, ended or hung. `survived`: no scenario that reaches
   * it failed. `unreached`: none reaches it. `equivalent`: marked as a change that nothing can tell. `broken`: its
   * scenarios could not be run.
   */
  readonly status: (typeof MUTANT_STATUSES)[number];
  /** The scenario that failed, as `file:line`; `start` or `end …` where the reference did not get ready, or ended. */
  readonly killedBy: string;
  /**
   * The failure that killed it, why it is equivalent or broken; of a survivor, the scenarios that could not be judged.
   */
  readonly reason: string;
  /** The scenarios that reach it, each with its place and name. Empty where it was not tried. */
  readonly reachedBy: readonly string[];
}

/** What is known of the mutants, from one run or several. */
export interface MutantResults {
  /** In the order of the code. */
  readonly mutants: readonly MutantOutcome[];
  /** How many of the decision code were not tried yet. */
  readonly untried: number;
  /** By its path, a digest of each file that they belong to: what is said of them holds as long as it is the same. */
  readonly sources: Readonly<Record<string, string>>;
}

/** Killed mutants of those that are not equivalent, in percent; 100 if there is none. */
export function scoreOf(mutants: readonly MutantOutcome[]): number {
  const real = mutants.filter(({ status }) => status !== 'equivalent');
  const killed = real.filter(({ status }) => status === 'killed');
  return real.length === 0 ? 100 : (killed.length / real.length) * 100;
}

/** Whether every mutant was killed or is equivalent. */
export function areMutantsFound(mutants: readonly MutantOutcome[]): boolean {
  return mutants.every(({ status }) => status === 'killed' || status === 'equivalent');
}
