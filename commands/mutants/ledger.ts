import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';

import { equivalenceOf, type Equivalence } from '../../mutants/lists.ts';
import type { Mutant } from '../../mutants/mutant.ts';
import { earlierMutants } from '../../reports/earlier_mutants.ts';
import type { MutantOutcome, MutantResults } from '../../reports/mutant_outcome.ts';
import type { Options } from './options.ts';
import { untried } from './outcome.ts';

/** What the account of a run begins with. */
interface LedgerParts {
  /** All mutants of the decision code. */
  readonly all: readonly Mutant[];
  readonly marks: readonly Equivalence[];
  /** Where the reports of earlier runs are. */
  readonly folder: string;
}

/** What is known of each mutant: from this run; from its mark; or from an earlier run over the same file. */
export class Ledger {
  readonly #all: readonly Mutant[];
  readonly #marks: readonly Equivalence[];
  readonly #sources: MutantResults['sources'];
  readonly #earlier: ReadonlyMap<string, MutantOutcome>;
  readonly #found = new Map<string, MutantOutcome>();

  constructor({ all, marks, folder }: LedgerParts) {
    this.#all = all;
    this.#marks = marks;
    this.#sources = Object.fromEntries([...new Set(all.map(({ file }) => file))].map(digested));
    this.#earlier = earlierMutants(folder, this.#sources);
  }

  /**
   * Those that are to be tried, first those that never were: one that is asked for by its id is tried whatever its mark
   * says.
   */
  toBeTried(
    asked: readonly Mutant[],
    { mutant: id, continues }: Pick<Options, 'mutant' | 'continues'>,
  ): readonly Mutant[] {
    const wanted = asked.filter(
      (mutant) =>
        (id !== undefined || equivalenceOf(mutant, this.#marks) === undefined) &&
        !(continues && this.#earlier.get(mutant.id)?.status === 'killed'),
    );
    const wasTried = (mutant: Mutant): number => Number(this.#earlier.has(mutant.id));
    return wanted.toSorted((a, b) => wasTried(a) - wasTried(b));
  }

  enter(outcome: MutantOutcome): void {
    this.#found.set(outcome.id, outcome);
  }

  /** What is known of all mutants. */
  results(): MutantResults {
    const mutants = this.outcomes(this.#all);
    return { mutants, untried: this.#all.length - mutants.length, sources: this.#sources };
  }

  /** What is known of these. */
  outcomes(mutants: readonly Mutant[]): readonly MutantOutcome[] {
    return mutants.flatMap((mutant) => this.#outcome(mutant) ?? []);
  }

  #outcome(mutant: Mutant): MutantOutcome | undefined {
    const found = this.#found.get(mutant.id);
    if (found) return found;
    const mark = equivalenceOf(mutant, this.#marks);
    if (mark !== undefined) return untried(mutant, 'equivalent', mark);
    const earlier = this.#earlier.get(mutant.id);
    return earlier?.status === 'equivalent' ? undefined : earlier;
  }
}

function digested(file: string): readonly [file: string, digest: string] {
  return [file, createHash('sha256').update(readFileSync(file)).digest('hex')];
}
