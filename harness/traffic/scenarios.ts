import { readFileSync, readdirSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';

import { HarnessError } from '../verdict.ts';

/** A SIPp scenario file. */
export interface ScenarioFile {
  /** Path of the XML. */
  readonly path: string;
  /** File name without the extension. */
  readonly name: string;
  /** The first sentence of its header comment; empty where it has none. */
  readonly summary: string;
  /** False where it waits for a request first: such a scenario answers calls and makes none. */
  readonly placesCalls: boolean;
  /** The text of the file. */
  readonly text: string;
}

const MOST_SUGGESTIONS = 5;

/** The scenario in the file at `path`. */
export function readScenarioFile(path: string): ScenarioFile {
  const text = readFileSync(path, 'utf8');
  const header = /<!--([\s\S]*?)-->/.exec(text)?.[1]?.split(/^\s*Alone:/m)[0] ?? '';
  const words = header.replaceAll(/\s+/g, ' ').trim();
  const firstStep = /<(send|recv)\b/.exec(text.replaceAll(/<!--[\s\S]*?-->/g, ''))?.[1];
  return {
    path,
    name: basename(path, '.xml'),
    summary: /^.*?\.(?= |$)/.exec(words)?.[0] ?? words,
    placesCalls: firstStep !== 'recv',
    text,
  };
}

/** All scenarios below `folder`, by path. */
export function listScenarios(folder = 'scenarios'): ScenarioFile[] {
  return scenarioPaths(folder).map(readScenarioFile);
}

/**
 * The path of the scenario that `reference` names: a file, or the name of a scenario below `folder`, with or without
 * the extension, and with as much of the path as makes it unique. Throws a HarnessError with near matches.
 */
export function findScenario(reference: string, folder = 'scenarios'): string {
  if (statSync(reference, { throwIfNoEntry: false })?.isFile() === true) return reference;
  const paths = scenarioPaths(folder);
  const wanted = `/${reference.replace(/^\.?\/+/, '').replace(/\.xml$/, '')}.xml`;
  const [path, ...others] = paths.filter((one) => `/${one}`.endsWith(wanted));
  if (path === undefined) {
    const names = paths.map((one) => basename(one, '.xml'));
    const near = nearMatches(basename(wanted, '.xml'), names);
    const hint = near.length > 0 ? `Did you mean ${near.join(', ')}?` : `Known are ${names.join(', ')}.`;
    throw new HarnessError(`no scenario "${reference}": neither a file nor a name in ${folder}/. ${hint}`);
  }
  if (others.length > 0) {
    throw new HarnessError(
      `"${reference}" names several scenarios: give one of ${[path, ...others].join(', ')}`,
    );
  }
  return path;
}

function scenarioPaths(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.xml'))
    .map((path) => path.slice(0, -'.xml'.length))
    .toSorted()
    .map((path) => join(folder, `${path}.xml`));
}

/** Those of `names` that `wanted` may have meant, the nearest first. */
export function nearMatches(wanted: string, names: readonly string[]): string[] {
  const most = Math.max(2, Math.floor(wanted.length / 3));
  return [...new Set(names)]
    .map((name) => ({ name, distance: editDistance(wanted, name) }))
    .filter(({ name, distance }) => distance <= most || (wanted.length > 2 && name.includes(wanted)))
    .toSorted((a, b) => a.distance - b.distance)
    .slice(0, MOST_SUGGESTIONS)
    .map(({ name }) => name);
}

/** Levenshtein distance: how many characters must be inserted, removed or changed. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (const [i, character] of a.split('').entries()) {
    const next = [i + 1];
    for (let j = 0; j < b.length; j += 1) {
      const change = (row[j] ?? 0) + (b[j] === character ? 0 : 1);
      next.push(Math.min(change, (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}
