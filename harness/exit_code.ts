/** What a command of the suite exits with. */
export const EXIT = {
  /** It did what it was asked for, and what it was asked about is so. */
  fine: 0,
  /** What it was asked about is not so. */
  notSo: 1,
  /** The harness failed, or its input is wrong. */
  harness: 2,
  /** Nothing was selected, or nothing that was could be judged. */
  nothingSelected: 3,
  /** The user asked for the end. */
  interrupted: 130,
} as const;
