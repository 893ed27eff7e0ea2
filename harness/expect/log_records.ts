import { matched, mismatch, type Match } from './match.ts';

/** What JSON escapes, and what some readers take for a line end: C0 but for the tab, DEL, C1, and two separators. */
const RAW = /[^\P{Cc}\t]|[\u2028\u2029]/u;

/**
 * What was sent as a log line is none: where the log has it, it stands inside a record, with every control character
 * escaped. `mark` is in the forged line and nowhere else. Rule: hard.log.injection.
 */
export function notForged(
  lines: readonly string[],
  { line: forged, mark }: { readonly line: string; readonly mark: string },
  file: string,
): Match {
  const wish = 'one record in which what was sent is escaped, or none';
  const start = forged.slice(0, forged.indexOf(mark));
  for (const [index, written] of lines.entries()) {
    // A carriage return before the line end belongs to the line end.
    const line = written.replace(/\r$/, '');
    const place = `${file}, line ${index + 1}`;
    if (!line.includes(mark)) continue;
    if (line.trimStart().startsWith(start))
      return mismatch(wish, 'the forged line as a record of its own', place);
    const raw = RAW.exec(line)?.[0];
    if (raw === undefined) continue;
    const code = raw.charCodeAt(0).toString(16).padStart(4, '0');
    return mismatch(wish, `a record with the control character U+${code} as it was sent`, place);
  }
  return matched;
}
