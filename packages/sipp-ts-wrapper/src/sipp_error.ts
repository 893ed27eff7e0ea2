/** Why a run could not take place at all. A call that fails is no error: it is a `SippResult`. */
export type SippErrorCode =
  /** An option is missing, contradictory or out of range; the message names the field. */
  | 'OPTIONS_INVALID'
  /** There is no `sipp` to run. */
  | 'SIPP_MISSING'
  /** The `sipp` found is older than 3.6.0. */
  | 'SIPP_TOO_OLD'
  /** The scenario file cannot be read. */
  | 'SCENARIO_MISSING'
  /** The scenario is not well-formed, or SIPp would silently misread it. */
  | 'SCENARIO_MALFORMED'
  /** A `[keyword]` that SIPp does not know and `keys` does not define. */
  | 'SCENARIO_UNKNOWN_KEYWORD'
  /** An element or action that SIPp does not know at that place. */
  | 'SCENARIO_UNKNOWN_ELEMENT'
  /** An attribute that SIPp would silently ignore. */
  | 'SCENARIO_UNKNOWN_ATTRIBUTE'
  /** SIPp itself refused the scenario; the message carries its sentence. */
  | 'SCENARIO_REJECTED'
  /** The port asked for is taken, or no free ports could be leased. */
  | 'PORT_IN_USE'
  /** The local address belongs to no interface of this machine. */
  | 'ADDRESS_UNAVAILABLE'
  /** SIPp cannot resolve the remote host. */
  | 'REMOTE_UNKNOWN'
  /** SIPp's message trace is in an unknown form, or lacks messages that SIPp counted: nothing can be said of the run. */
  | 'TRACE_UNREADABLE'
  /** SIPp ended before its first call for a reason not listed here; the message carries its sentence. */
  | 'START_FAILED'
  /** The process that starts SIPps was killed, and SIPp with it. */
  | 'SIPP_LOST';

/** The run could not take place. `message` names the place and the mend and holds no secret. */
export class SippError extends Error {
  override readonly name = 'SippError';
  readonly code: SippErrorCode;
  /** The scenario file concerned, as given in the options. */
  readonly file: string | undefined;
  /** 1-based line in `file`, where known. */
  readonly line: number | undefined;

  constructor(code: SippErrorCode, message: string, place?: { file: string; line?: number | undefined }) {
    super(place ? `${place.file}${place.line === undefined ? '' : `:${place.line}`}: ${message}` : message);
    this.code = code;
    this.file = place?.file;
    this.line = place?.line;
  }
}
