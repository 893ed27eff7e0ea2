import { readFileSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

import type { Fault } from './fault.ts';
import { FAMILIES } from './generated/families.ts';

const FOLDER = fileURLToPath(new URL('.', import.meta.url));

/** A fault and where it is written. */
export interface FoundFault {
  readonly fault: Fault;
  /** Relative to the repository's root. */
  readonly file: string;
}

/**
 * The rules' files, sorted by name and relative to the folder of faults: each area has a folder, each rule a file in
 * it. Generated faults are in no file.
 */
async function ruleFiles(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true });
  return entries.filter((name) => /^(?!generated\/)[a-z]+\/[a-z0-9_]+\.ts$/.test(name)).toSorted();
}

/**
 * The fault of that id, written or generated, or undefined. Loads only files whose text holds the id: to load all of them at the start of
 * every fault would take ten times as long. Rejects if such a file cannot be loaded.
 */
export async function findFault(id: string, folder = FOLDER): Promise<Fault | undefined> {
  for (const name of await ruleFiles(folder)) {
    if (!readFileSync(join(folder, name), 'utf8').includes(id)) continue;
    const found = (await load(folder, name)).find(({ fault }) => fault.id === id);
    if (found !== undefined) return found.fault;
  }
  const generated = Object.values(FAMILIES).flatMap(({ faults }) => faults());
  return generated.find((fault) => fault.id === id);
}

/** Every fault. Rejects with one Error that names each file without faults, or with a wrong one. */
export async function loadFaults(folder = FOLDER): Promise<FoundFault[]> {
  const files = await ruleFiles(folder);
  const loaded = await Promise.allSettled(files.map((file) => load(folder, file)));
  const problems = loaded.flatMap((one) => (one.status === 'rejected' ? [String(one.reason)] : []));
  const found = loaded.flatMap((one) => (one.status === 'fulfilled' ? one.value : []));
  const ids = found.map(({ fault }) => fault.id);
  for (const id of new Set(ids.filter((one, index) => ids.indexOf(one) !== index)))
    problems.push(`the id ${id} is there twice`);
  if (problems.length > 0) throw new Error(problems.join('\n'));
  return found;
}

async function load(folder: string, name: string): Promise<readonly FoundFault[]> {
  const file = `faults/${name}`;
  const module: { default?: unknown } = await import(pathToFileURL(join(folder, name)).href);
  const faults = module.default;
  if (!Array.isArray(faults) || faults.length === 0 || !faults.every(isFault))
    throw new Error(`${file}: has no list of faults as its default export`);
  for (const { id, rule, sentence } of faults) {
    if (fileOf(rule) !== name) throw new Error(`${file}: its rule ${rule} belongs in faults/${fileOf(rule)}`);
    if (!/^[a-z0-9]+(-[a-z0-9]+)*$/.test(id))
      throw new Error(`${file}: the id ${id} is not lower case with hyphens`);
    if (!/^\S.*\.$/.test(sentence))
      throw new Error(`${file}: the sentence of ${id} does not end in a full stop`);
  }
  return faults.map((fault) => ({ fault, file }));
}

function isFault(value: unknown): value is Fault {
  if (typeof value !== 'object' || value === null) return false;
  return ['id', 'rule', 'sentence', 'override'].every((name) => name in value);
}

/** Where the faults of a rule are: those of sip.auth.stale-nonce in sip/auth_stale_nonce.ts. */
function fileOf(rule: string): string {
  return `${rule.replace('.', '/').replaceAll(/[.-]/g, '_')}.ts`;
}
