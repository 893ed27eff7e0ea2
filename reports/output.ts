/** Where text for a person goes: standard output, or a substitute. */
export interface Output {
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
  write(text: string): unknown;
}

/** Goes back to the line's start and clears the line. */
export const ERASE = '\r\u001B[2K';

/** Whether to write in colour: only on a terminal, and not where NO_COLOR is set. */
export function inColour(out: Output, environment: Readonly<Record<string, string | undefined>>): boolean {
  return out.isTTY === true && (environment['NO_COLOR'] ?? '') === '';
}
