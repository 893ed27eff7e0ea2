/** The system's code of a failure, e.g. `ENOENT`; undefined for other kinds of failures. */
export function errno(failure: unknown): string | undefined {
  if (!(failure instanceof Error) || !('code' in failure)) return undefined;
  return typeof failure.code === 'string' ? failure.code : undefined;
}
