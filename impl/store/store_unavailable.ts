/** Why a store cannot be used now, as the end of a sentence about it. */
const PROBLEMS = {
  STORE_LOCKED: 'takes no changes: another program holds its lock',
  STORE_FULL: 'takes no changes: its disk is full',
  STORE_UNWRITABLE: 'takes no changes',
  STORE_UNREADABLE: 'cannot be read',
} as const;

/** A code of {@link StoreUnavailable}. */
export type StoreProblem = keyof typeof PROBLEMS;

/**
 * The store cannot be used now, for a reason outside the service. Nothing was changed, and what was asked may succeed
 * later. `detail` is the engine's own text; it must hold nothing of what is stored.
 */
export class StoreUnavailable extends Error {
  readonly code: StoreProblem;

  constructor(code: StoreProblem, detail?: string) {
    super(`the store ${PROBLEMS[code]}${detail === undefined ? '' : ` (${detail})`}`);
    this.name = 'StoreUnavailable';
    this.code = code;
  }
}
