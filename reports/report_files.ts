import { join } from 'node:path';

import { EXIT } from '../harness/exit_code.ts';
import type { RuleCatalogue } from '../harness/rules.ts';
import { writeOutlived } from './allure_outlived.ts';
import { generateAllureReport, type AllureReport } from './allure_report.ts';
import { writeUncovered } from './allure_uncovered.ts';
import {
  conformanceOf,
  exitCodeOf,
  writeConformance,
  type Conformance,
  type RunExitCode,
  type RunMetadata,
} from './conformance.ts';
import { writeJunit } from './junit.ts';
import type { RunResults } from './results.ts';

/** What `writeReports` wrote, and the judged run. */
export interface WrittenReports {
  readonly model: Conformance;
  /** As `exitCodeOf` says. */
  readonly exitCode: RunExitCode;
  readonly conformancePath: string;
  readonly junitPath: string;
  /** The Allure report, or why there is none, which changes no verdict. */
  readonly allure: AllureReport;
}

/** The folder under `outDir` that the formatter writes Allure results to. */
export function allureResultsDir(outDir: string): string {
  return join(outDir, 'allure-results');
}

/**
 * Judges a run and writes its reports: first the small files, so that an interrupt does not lose them, then the Allure
 * report, from the results that the formatter wrote.
 *
 * @throws the file system's error where `outDir` cannot be written
 */
export async function writeReports(run: {
  readonly results: RunResults;
  readonly catalogue: RuleCatalogue;
  readonly metadata: RunMetadata;
  readonly outDir: string;
  /** Whether a conformant run needs no Allure report. */
  readonly brief?: boolean;
}): Promise<WrittenReports> {
  const { results, catalogue, metadata, outDir, brief = false } = run;
  const model = conformanceOf(results, catalogue, metadata);
  const exitCode = exitCodeOf(model);
  const conformancePath = writeConformance(model, outDir);
  // The model has further errors: an interrupt, a scenario without a rule.
  const junitPath = writeJunit({ ...results, errors: model.errors }, metadata, outDir);
  writeOutlived(model, allureResultsDir(outDir));
  writeUncovered(model, allureResultsDir(outDir));
  const small = { model, exitCode, conformancePath, junitPath };
  if (brief && exitCode === EXIT.fine)
    return { ...small, allure: { ok: false, message: 'the run is conformant' } };
  const allure = await generateAllureReport(allureResultsDir(outDir), join(outDir, 'allure-report'), {
    name: `${metadata.target}, ${metadata.profile}`,
    cacheDir: join(outDir, '.cache'),
  });
  return { ...small, allure };
}
