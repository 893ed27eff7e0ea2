import { readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

import type { Fault } from './fault.ts';

const FOLDER = fileURLToPath(new URL('.', import.meta.url));

/** A fault and where it is written. */
export interface FoundFault {
  readonly fault: Fault;
  /** Relative to the repository's root. */
  readonly file: string;
}

/**
 * The fault files, relative to the folder of faults and in the order of their names: those in a folder of an area, a
 * file a fault.
 */
async function faultFiles(folder = FOLDER): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true });
  return entries.filter((name) => /^[a-z]+\/[a-z0-9_]+\.ts$/.test(name)).toSorted();
}

/** The fault of that id; undefined where there is none. Throws where its file cannot be loaded. */
export async function findFault(id: string, folder = FOLDER): Promise<Fault | undefined> {
  const file = (await faultFiles(folder)).find((name) => idIn(name) === id);
  return file === undefined ? undefined : (await load(folder, file)).fault;
}

/** Every fault. Throws an Error that names each file that is none, in one message. */
export async function loadFaults(folder = FOLDER): Promise<FoundFault[]> {
  const files = await faultFiles(folder);
  const loaded = await Promise.allSettled(files.map((file) => load(folder, file)));
  const problems = loaded.flatMap((one) => (one.status === 'rejected' ? [String(one.reason)] : []));
  const found = loaded.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
  const ids = found.map(({ fault }) => fault.id);
  for (const id of new Set(ids.filter((one, index) => ids.indexOf(one) !== index)))
    problems.push(`the id ${id} is there twice`);
  if (problems.length > 0) throw new Error(problems.join('\n'));
  return found;
}

async function load(folder: string, name: string): Promise<FoundFault> {
  const file = `faults/${name}`;
  const module: { default?: unknown } = await import(pathToFileURL(join(folder, name)).href);
  const fault = module.default;
  if (!isFault(fault)) throw new Error(`${file}: has no fault as its default export`);
  if (fault.id !== idIn(name)) throw new Error(`${file}: its id ${fault.id} is not its name ${idIn(name)}`);
  if (!fault.rule.startsWith(`${name.split('/')[0]}.`))
    throw new Error(`${file}: its rule ${fault.rule} is of another area`);
  if (!/^\S.*\.$/.test(fault.sentence)) throw new Error(`${file}: its sentence does not end in a full stop`);
  return { fault, file };
}

function isFault(value: unknown): value is Fault {
  if (typeof value !== 'object' || value === null) return false;
  return ['id', 'rule', 'sentence', 'override'].every((name) => name in value);
}

function idIn(name: string): string {
  return basename(name, '.ts').replaceAll('_', '-');
}
