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
  readonly status: 'killed' | 'survived' | 'unreached' | 'equivalent' | 'broken';
  /** The scenario that failed, as `file:line`; `start` or `end …` where the reference did not get ready, or ended. */
  readonly killedBy: string;
  /**
   * The failure that killed it, why it is equivalent or broken; of a survivor, the scenarios that could not be judged.
   */
  readonly reason: string;
  /** The scenarios that reach it, each with its place and name. Empty where it was not tried. */
  readonly reachedBy: readonly string[];
}

/** What a run over mutants came to. */
export interface MutantResults {
  /** Which mutants were tried: all, or those of a file, for example. */
  readonly scope: string;
  readonly mutants: readonly MutantOutcome[];
  readonly seconds: number;
}
