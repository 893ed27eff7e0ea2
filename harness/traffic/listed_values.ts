/**
 * The values that one or more header lines list, at the commas that stand neither in quotes nor in angle brackets (RFC
 * 3261 sections 7.3.1 and 25.1). For header fields that may be written as a list: Route, Record-Route, Contact, Via.
 */
export function listedValues(lines: readonly string[]): string[] {
  return lines.flatMap((line) =>
    [...line.matchAll(/(?:"(?:[^"\\]|\\.)*"|<[^>]*>|[^,"<])+/g)]
      .map(([value]) => value.trim())
      .filter((value) => value !== ''),
  );
}

/** The URI of a name-addr or addr-spec (RFC 3261 section 20.10). */
export function uriIn(value: string): string {
  const outside = value.replace(/^\s*"(?:[^"\\]|\\.)*"/, '');
  const bracketed = /<([^>]*)>/.exec(outside)?.[1];
  return bracketed ?? outside.split(';', 1).join('').trim();
}
