import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import { parseDocument } from 'yaml';
import { z } from 'zod';

import { HarnessError } from '../harness/verdict.ts';
import type { Mutant } from './mutant.ts';

const reason = z.string().regex(/^\S.*\.$/s, 'is a sentence that ends in a full stop');

const decisionFile = z.strictObject({
  file: z.string().regex(/^impl\/.*\.ts$/, 'is a file in impl/'),
  reason,
  rules: z.array(z.string().min(1)).min(1),
  /** Whether its code goes by what it did before, so that a process serves one of its mutants only. */
  remembers: z.boolean().default(false),
});
/** A file that is mutated. */
export type DecisionFile = z.infer<typeof decisionFile>;

const texts = z
  .union([z.string(), z.array(z.string()).min(1)])
  .transform((one) => (typeof one === 'string' ? [one] : one))
  .optional();
const equivalence = z
  .strictObject({
    file: z.string(),
    code: texts,
    mutator: texts,
    original: texts,
    // One text: of two lists, every pair would be meant.
    replacement: z.string().optional(),
    reason,
  })
  .refine(
    ({ code, original, replacement }) => (code ?? original ?? replacement) !== undefined,
    'says with code, original or replacement which mutants it means',
  );
/** Mutants that nothing can tell from the original. */
export type Equivalence = z.infer<typeof equivalence>;

const DECISION_CODE = 'mutants/decision_code.yaml';
const EQUIVALENT = 'mutants/equivalent.yaml';

/** The files that are mutated. Throws a HarnessError that names what is wrong with the list. */
export function decisionFiles(): readonly DecisionFile[] {
  const files = listIn(DECISION_CODE, z.array(decisionFile));
  const gone = files.filter(({ file }) => !existsSync(file)).map(({ file }) => file);
  if (gone.length > 0) throw new HarnessError(`${DECISION_CODE}: there is no file ${gone.join(', ')}`);
  return files;
}

/** The mutants that nothing can tell from the original. Throws a HarnessError that names what is wrong with the list. */
export function equivalences(): readonly Equivalence[] {
  return listIn(EQUIVALENT, z.array(equivalence));
}

/** Why the mutant is equivalent; undefined if the list does not have it. */
export function equivalenceOf(mutant: Mutant, list: readonly Equivalence[]): string | undefined {
  return list.find((entry) => means(entry, mutant))?.reason;
}

/**
 * Throws a HarnessError with the entries that fit none of these mutants, or have a text that no mutant they mean has. Only
 * entries for files that have mutants among these are looked at.
 */
export function assertEquivalencesFit(list: readonly Equivalence[], mutants: readonly Mutant[]): void {
  const files = new Set(mutants.map(({ file }) => file));
  const idle = list
    .filter(({ file }) => files.has(file))
    .flatMap((entry) => {
      const meant = mutants.filter((mutant) => means(entry, mutant));
      if (meant.length === 0) return [`${entry.file}: ${entry.reason}`];
      return TEXTS.flatMap((field) =>
        (entry[field] ?? [])
          .filter((text) => !meant.some((mutant) => mutant[field] === text))
          .map((text) => `${entry.file}: ${field} ${text}`),
      );
    });
  if (idle.length === 0) return;
  throw new HarnessError(
    `${EQUIVALENT} has entries that fit no mutant; mend or remove them:\n${idle.map((line) => `  ${line}`).join('\n')}`,
  );
}

const TEXTS = ['code', 'mutator', 'original'] as const;

function means(entry: Equivalence, mutant: Mutant): boolean {
  return (
    entry.file === mutant.file &&
    (entry.replacement ?? mutant.replacement) === mutant.replacement &&
    TEXTS.every((field) => entry[field]?.includes(mutant[field]) ?? true)
  );
}

function listIn<T extends z.ZodType>(path: string, schema: T): z.infer<T> {
  const text = readFileSync(fileURLToPath(new URL(`../${path}`, import.meta.url)), 'utf8');
  const document = parseDocument(text);
  const [syntax] = document.errors;
  if (syntax) throw new HarnessError(`${path}: ${syntax.message}`);
  const parsed = schema.safeParse(document.toJS());
  if (parsed.success) return parsed.data;
  throw new HarnessError(
    parsed.error.issues
      .map(({ path: field, message }) => `${path}: ${field.join('.')}: ${message}`)
      .join('\n'),
  );
}
