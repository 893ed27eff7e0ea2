export { printSummary, printVerdict } from './terminal.ts';
export { allureResultsDir, writeReports } from './report_files.ts';
export type { WrittenReports } from './report_files.ts';
export { conformanceSchema } from './conformance.ts';
export type { RunMetadata } from './conformance.ts';
export { printStability, writeStability } from './stability.ts';
export type { RepeatedRun } from './stability.ts';
export { scenariosIn } from './feature_scenarios.ts';
export { knownFailureProblems } from './known_failures.ts';
export type { FormatterSettings } from './formatter.ts';
export { ResultCollector } from './results.ts';
export type { ScenarioResult } from './results.ts';

/** The URL of the formatter, for cucumber's `format` option. */
export const FORMATTER = new URL('./formatter.ts', import.meta.url).href;
