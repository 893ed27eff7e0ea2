/** The exit codes of the suite's commands. */
export const EXIT = {
  /** The command did its work, and the answer is yes: conformant, all faults found, all tests passed. */
  fine: 0,
  /** The command did its work, and the answer is no. */
  notSo: 1,
  /** The harness failed, or its input is wrong. */
  harness: 2,
  /** Nothing was selected, or nothing of the selection could be judged. */
  nothingSelected: 3,
  /** The user interrupted it. */
  interrupted: 130,
} as const;
