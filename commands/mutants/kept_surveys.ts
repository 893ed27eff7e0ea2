import { createHash } from 'node:crypto';
import { existsSync, globSync, readFileSync } from 'node:fs';

import { z } from 'zod';

import { writeAtomically } from '../../reports/atomic_file.ts';
import { mutantReport, type MutantReport } from './job.ts';

/** All that a scenario's way through the reference depends on, besides its feature. */
const GROUNDS = [
  '{harness,impl,packages,scenarios,steps,targets,vectors}/**/*.{ts,json,yaml,xml,dat}',
  'mutants/*.ts',
  'mutants/decision_code.yaml',
  'package-lock.json',
];
const NOT_GROUNDS = ['**/node_modules', '**/*.test.ts'];

const keptFile = z.object({
  grounds: z.string(),
  features: z.record(z.string(), z.string()),
  reports: z.array(mutantReport),
});

/** The surveys of earlier runs that would come to the same again. */
export class KeptSurveys {
  readonly #path: string;
  readonly #grounds = digestOf(globSync(GROUNDS, { exclude: NOT_GROUNDS }).toSorted());
  readonly #reports = new Map<string, MutantReport>();

  /** @param path where they are kept */
  constructor(path: string) {
    this.#path = path;
    const kept = existsSync(path)
      ? keptFile.safeParse(JSON.parse(readFileSync(path, 'utf8'))).data
      : undefined;
    if (kept?.grounds !== this.#grounds) return;
    for (const report of kept.reports) {
      const { id } = report;
      if (existsSync(id) && kept.features[id] === digestOf([id])) this.#reports.set(id, report);
    }
  }

  /** The survey of a feature; undefined if it is to be made. */
  of(feature: string): MutantReport | undefined {
    return this.#reports.get(feature);
  }

  /** Takes a survey in; `save` writes it. */
  add(report: MutantReport): void {
    this.#reports.set(report.id, report);
  }

  save(): void {
    const features = Object.fromEntries([...this.#reports.keys()].map((id) => [id, digestOf([id])]));
    const kept: z.infer<typeof keptFile> = {
      grounds: this.#grounds,
      features,
      reports: [...this.#reports.values()],
    };
    writeAtomically(this.#path, JSON.stringify(kept));
  }
}

function digestOf(files: readonly string[]): string {
  const hash = createHash('sha256');
  for (const file of files) hash.update(`${file}\n`).update(readFileSync(file)).update('\n');
  return hash.digest('hex');
}
