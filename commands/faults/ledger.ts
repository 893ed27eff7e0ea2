import type { FoundFault } from '../../faults/catalogue.ts';
import { HarnessError } from '../../harness/verdict.ts';
import type { FaultOutcome } from '../../reports/fault_outcome.ts';
import type { FaultJob, FaultReport } from './job.ts';

/** What a ledger is kept of. */
export interface LedgerParts {
  readonly faults: readonly FoundFault[];
  readonly jobs: readonly FaultJob[];
  /** Whether a fault that was not found as its file says is tried once more. */
  readonly triesAgain: boolean;
  readonly outcomeOf: (fault: FoundFault, report: FaultReport) => FaultOutcome;
  /** Tells that a fault is done. */
  readonly tell: (outcome: FaultOutcome, done: number) => void;
}

/** What came of the jobs so far, and which are to be done again. */
export class Ledger {
  readonly outcomes = new Map<string, FaultOutcome>();
  /** The faults that were tried once more, with a process of their own. */
  readonly again = new Set<string>();
  /** Those of them that had one before: what measures the target is tried again when nothing else runs. */
  readonly late: FaultJob[] = [];
  readonly #parts: LedgerParts;

  constructor(parts: LedgerParts) {
    this.#parts = parts;
  }

  /**
   * Enters a report. Returns the job that is to be done because of it, if there is one. Throws a HarnessError where not all
   * is green without a fault.
   */
  enter(report: FaultReport): FaultJob | undefined {
    const { faults, jobs, triesAgain, outcomeOf, tell } = this.#parts;
    const fault = faults.find((one) => one.fault.id === report.id);
    const job = jobs.find(({ id }) => id === report.id);
    if (fault === undefined || job === undefined) {
      assertGreen(report);
      return undefined;
    }
    const outcome = outcomeOf(fault, report);
    if (triesAgain && !isExpected(outcome) && !this.again.has(job.id)) {
      this.again.add(job.id);
      if (!job.isAlone) return { ...job, isAlone: true };
      this.late.push(job);
      return undefined;
    }
    this.outcomes.set(report.id, outcome);
    tell(outcome, this.outcomes.size);
    return undefined;
  }
}

/** Whether the fault was found as its file says. Anything else might be due to what ran before, or beside it. */
function isExpected({ fate, unexplained }: FaultOutcome): boolean {
  return fate === 'killed' && unexplained.length === 0;
}

function assertGreen({ scenarios, problems }: FaultReport): void {
  const red = scenarios.filter(({ verdict }) => verdict !== 'passed');
  const lines = [...problems, ...red.map(({ place, name, reason }) => `${place} ${name}: ${reason}`)];
  if (lines.length > 0)
    throw new HarnessError(`without any fault not all is green; mend that first:\n${lines.join('\n')}`);
}
