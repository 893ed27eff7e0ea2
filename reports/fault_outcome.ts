import type { Verdict } from '../harness/verdict.ts';

/** A fault as its file declares it. */
export interface FaultFacts {
  readonly id: string;
  /** The rule it breaks. */
  readonly rule: string;
  /** Other rules whose scenarios find it just as well. */
  readonly foundBy: readonly string[];
  readonly sentence: string;
  /** The other rules that may turn red, with the reason. */
  readonly collateral: Readonly<Record<string, string>>;
  /** Relative to the repository's root. */
  readonly file: string;
}

/** A scenario that was run against a fault. */
export interface FaultScenario {
  readonly rule: string;
  readonly name: string;
  readonly place: string;
  readonly verdict: Verdict;
  readonly reason: string;
  /** Its steps up to and including the one that failed; empty where none failed. */
  readonly steps: readonly string[];
}

/** A rule that turned red. */
export interface RedRule {
  readonly rule: string;
  /** The verdict, name and reason of its first red scenario. */
  readonly reason: string;
}

/** A rule that may turn red beside the fault's own. */
export interface ExplainedRule extends RedRule {
  /**
   * `file`: the fault's file names it. `steps`: each of its red scenarios failed after the same steps as a scenario of
   * the fault's own rule, so both tried and judged the same thing.
   */
  readonly by: 'file' | 'steps';
}

/** What became of a fault. The only good outcome is `killed` with nothing unexplained. */
export interface FaultOutcome extends FaultFacts {
  /**
   * `killed`: a scenario of its rule failed. `survived`: none did. `broken`: the scenarios could not be run properly,
   * so their verdicts are worthless.
   */
  readonly fate: 'killed' | 'survived' | 'broken';
  /** The scenarios of its rule that failed. */
  readonly killedBy: readonly FaultScenario[];
  /** Other rules that turned red for a known reason. */
  readonly explained: readonly ExplainedRule[];
  /** Other rules that turned red for no known reason. */
  readonly unexplained: readonly RedRule[];
  /** Rules that the file says may turn red but that stayed green, with all scenarios run. Reported, but no failure. */
  readonly green: readonly string[];
  /** Why it was not killed; empty where it was. */
  readonly why: string;
  readonly seconds: number;
}

/** What a run over faults came to. */
export interface FaultResults {
  /** Which faults were run: all, those a change concerns, or one. */
  readonly scope: string;
  readonly faults: readonly FaultOutcome[];
  /** Rules that have scenarios but no fault; filled only where all faults were run. */
  readonly rulesWithoutFault: readonly string[];
  readonly seconds: number;
}
