export { printSummary } from './terminal.ts';
export { allureResultsDir, writeReports } from './report_files.ts';
export type { WrittenReports } from './report_files.ts';
export type { RunFacts } from './conformance.ts';
export type { FormatterSettings } from './formatter.ts';
export { ResultCollector } from './results.ts';

/** The formatter to name to cucumber. */
export const FORMATTER = new URL('./formatter.ts', import.meta.url).href;
