export { runSipp, startSipp, type SippProcess, type SippResult } from './run.ts';
export { sippWarning } from './executable.ts';
export type { SippHooks } from './run_record.ts';
export type { SippOptions } from './options.ts';
export { LEASED_PORTS } from './port_lease.ts';
export { SippError, type SippErrorCode } from './sipp_error.ts';
export type { CallCounters, SippProgress } from './statistics.ts';
export { TraceParser, type TracedMessage } from './trace_parser.ts';
export type { SippOutcome } from './verdict.ts';
export {
  drawLadder,
  ladderMessages,
  messageLabel,
  type LadderMessage,
  type LadderOptions,
} from './ladder.ts';
