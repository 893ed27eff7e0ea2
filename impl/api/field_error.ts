/** One offending field of a request. */
export interface FieldError {
  /** Its path in the body: `allowedSourceIps[3]`, `callbackCreds.userId`. */
  readonly field: string;
  /** What is wrong with it, and what would be right. Never a secret. */
  readonly reason: string;
}
