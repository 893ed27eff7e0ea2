import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { Instrumenter } from '@stryker-mutator/instrumenter';
import { z } from 'zod';

import type { Mutant } from './mutant.ts';

type Logger = ConstructorParameters<typeof Instrumenter>[0];
type Ignorer = Parameters<Instrumenter['instrument']>[1]['ignorers'][number];
type FoundMutant = Awaited<ReturnType<Instrumenter['instrument']>>['mutants'][number];

/**
 * Makes a copy of the reference in `folder` whose `files` hold all their mutants, each behind a switch
 * (`mutants/switch.ts`). Removes the copy that was there. Resolves with the mutants in the order of the code.
 *
 * @param files relative to the repository's root, which is the working directory
 */
export async function instrumentReference(
  files: readonly string[],
  folder: string,
): Promise<readonly Mutant[]> {
  const sources = new Map(files.map((file) => [file, readFileSync(file, 'utf8')]));
  const described = [...sources].map(([name, content]) => ({ name, content, mutate: true }));
  const instrumented = await new Instrumenter(SILENT).instrument(described, {
    plugins: null,
    excludedMutations: [],
    ignorers: [DESCRIPTIONS],
  });
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  cpSync('package.json', join(folder, 'package.json'));
  cpSync('impl', join(folder, 'impl'), { recursive: true });
  for (const { name, content } of instrumented.files) writeFileSync(join(folder, name), content);
  const mutants = instrumented.mutants.filter(({ status }) => status !== 'Ignored');
  return named(mutants, sources);
}

/** A text in `.describe(…)`, as babel has it. */
const DESCRIPTION = z.object({
  node: z.object({ type: z.literal('StringLiteral') }),
  parent: z.object({ callee: z.object({ property: z.object({ name: z.literal('describe') }) }) }),
});
/** The words of the OpenAPI page are for readers: no rule speaks of them. */
const DESCRIPTIONS: Ignorer = {
  shouldIgnore: (path) => (DESCRIPTION.safeParse(path).success ? 'a description' : undefined),
};

function named(found: readonly FoundMutant[], sources: ReadonlyMap<string, string>): readonly Mutant[] {
  const times = new Map<string, number>();
  return found.map(({ id, fileName, mutatorName, replacement, location }) => {
    const lines = (sources.get(fileName) ?? '').split('\n');
    const { start, end } = location;
    const place = `${fileName}:${start.line + 1}:${start.column + 1}`;
    const nth = (times.get(place) ?? 0) + 1;
    times.set(place, nth);
    return {
      id: nth === 1 ? place : `${place}-${nth}`,
      number: id,
      file: fileName,
      line: start.line + 1,
      mutator: mutatorName,
      code: (lines[start.line] ?? '').trim(),
      original: between(lines, start, end),
      replacement,
    };
  });
}

interface Position {
  readonly line: number;
  readonly column: number;
}

/** The text between two positions, which count from 0. */
function between(lines: readonly string[], start: Position, end: Position): string {
  const touched = lines.slice(start.line, end.line + 1);
  const last = touched.length - 1;
  return touched
    .map((line, index) => line.slice(index === 0 ? start.column : 0, index === last ? end.column : undefined))
    .join('\n');
}

const unsaid = (): void => undefined;
const isOff = (): boolean => false;
const SILENT: Logger = {
  trace: unsaid,
  debug: unsaid,
  info: unsaid,
  warn: unsaid,
  error: unsaid,
  fatal: unsaid,
  isTraceEnabled: isOff,
  isDebugEnabled: isOff,
  isInfoEnabled: isOff,
  isWarnEnabled: isOff,
  isErrorEnabled: isOff,
  isFatalEnabled: isOff,
};
