import { existsSync } from 'node:fs';

import { findScenario } from '../../harness/traffic/scenarios.ts';

/** The host that `--target` names; undefined where it names a descriptor, or is not given. */
export function hostAsked(argv: readonly string[]): string | undefined {
  const at = argv.findLastIndex((argument) => /^--target(=|$)/.test(argument));
  const value = argv[at]?.split('=')[1] ?? argv[at + 1];
  if (at < 0 || value === undefined || !/[.:]/.test(value)) return undefined;
  return /[/\\]|\.ya?ml$/.test(value) || existsSync(value) ? undefined : value;
}

/**
 * The arguments for sipp-run: the scenario by its path, and a value for `[tag]`, which all scenarios need. Undefined
 * if no scenario is named.
 */
export function sippRunArguments(argv: readonly string[], tag: string): string[] | undefined {
  const takesNoValue = /^(--json|--help|-h|--[\w-]+=.*)$/s;
  const at = argv.findIndex((argument, index) => {
    const before = argv[index - 1];
    return !argument.startsWith('-') && (before?.startsWith('-') !== true || takesNoValue.test(before));
  });
  if (at < 0) return argv.some((argument) => /^(--help|-h)$/.test(argument)) ? [...argv] : undefined;
  // A tag that the user gives comes later, and wins.
  return ['--key', `tag=${tag}`, ...argv.with(at, findScenario(argv[at] ?? ''))];
}
