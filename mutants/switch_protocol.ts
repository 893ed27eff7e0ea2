/** Where the instrumented reference takes requests: a socket that only its own network namespace has (unix(7)). */
export const SWITCH_ADDRESS = '\0voice-edge-mutants';

/** The variable that names the mutant which is active from the start, by its number; or NO_MUTANT. */
export const FIRST_MUTANT = 'ACTIVE_MUTANT';

/** Requests, besides the number of the mutant to make active. Each is answered with a JSON list of mutants' numbers. */
export const NO_MUTANT = 'none';
/** Asks which were reached since it was asked last. */
export const REACHED = 'reached';
/** Asks which were reached before the first request over HTTP. */
export const AT_START = 'at start';
