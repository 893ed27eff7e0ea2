import { z } from 'zod';

import { apiSettings } from '../api/settings.ts';
import { edgeSettings } from '../edge/settings.ts';
import { observeSettings } from '../observe/settings.ts';
import type { Environment, Place, Setting } from '../runtime/setting.ts';
import { storeSettings } from '../store/settings.ts';
import {
  EMPTY_FILE,
  isMapping,
  readConfigFile,
  type ConfigFile,
  type ConfigProblems,
} from './config_file.ts';

const configSchema = z.strictObject({
  ...apiSettings.shape,
  ...edgeSettings.shape,
  ...storeSettings.shape,
  ...observeSettings.shape,
});

/** How one instance runs: the settings of every tier. */
export type Config = z.infer<typeof configSchema>;

/** Every setting, in the order of --help. */
const SETTINGS: readonly Setting[] = [apiSettings, edgeSettings, storeSettings, observeSettings].flatMap(
  ({ settings }) => settings,
);

/**
 * Reads the configuration from a YAML or JSON file, if one is named, and from the variables VOICE_EDGE_*, which win.
 * Reports every mistake, not only the first.
 */
export function readConfig(environment: Environment, file?: string): Config | ConfigProblems {
  const source = file === undefined ? EMPTY_FILE : readConfigFile(file);
  if ('problems' in source) return source;
  const resolved = apiSettings.resolved(structuredClone(source.content), environment);
  const parsed = configSchema.safeParse(withVariables(resolved, environment));
  const problems = [
    ...unknownVariables(environment),
    ...apiSettings.fileProblems(source.content, source.place, environment),
    ...(parsed.success ? contradictions(parsed.data, environment, source) : []),
    ...(parsed.success ? [] : parsed.error.issues.map((issue) => problemOf(issue, environment, source))),
  ];
  if (problems.length > 0) return { problems: [...new Set(problems)] };
  if (!parsed.success) throw new Error('a configuration was refused without a problem');
  return parsed.data;
}

/** The settings as text for --help: variable, place in the file, what is right. */
export function settingsText(): string {
  return SETTINGS.map(({ path, variable, expected }) => {
    const place = path === 'client.secret' ? 'never in a file' : path;
    return `  ${variable} (${place})\n      ${expected}`;
  }).join('\n');
}

function withVariables(content: Record<string, unknown>, environment: Environment): Record<string, unknown> {
  for (const { path, variable, fromText } of SETTINGS) {
    const text = environment[variable];
    if (text !== undefined) put(content, path.split('.'), fromText === undefined ? text : fromText(text));
  }
  return content;
}

function put(target: Record<string, unknown>, [first = '', ...rest]: string[], value: unknown): void {
  if (rest.length === 0) {
    target[first] = value;
    return;
  }
  const inner = (target[first] ??= {});
  // A section that is not a mapping is left as it is, so that the schema names the mistake.
  if (isMapping(inner)) put(inner, rest, value);
}

function problemOf(issue: z.core.$ZodIssue, environment: Environment, file: ConfigFile): string {
  if (issue.code === 'unrecognized_keys') {
    const place = file.place([...issue.path, ...issue.keys.slice(0, 1)]);
    return `${place} is not a setting: known are ${SETTINGS.map(({ path }) => path).join(', ')}`;
  }
  const setting = settingAt(issue.path);
  if (setting === undefined) return `${file.place(issue.path)} must be a mapping of settings`;
  const text = setting.isSecret ? undefined : environment[setting.variable];
  const found = text === undefined ? '' : `, not "${text}"`;
  return `${placeIn(environment, file)(issue.path)} must be ${setting.expected}${found}`;
}

function settingAt(path: readonly PropertyKey[]): Setting | undefined {
  const dotted = path.join('.');
  return SETTINGS.find((one) => dotted === one.path || dotted.startsWith(`${one.path}.`));
}

/** Names where a setting was given: its variable, or its place in the file. */
function placeIn(environment: Environment, file: ConfigFile): Place {
  return (path) => {
    const variable = settingAt(path)?.variable;
    return variable === undefined || environment[variable] === undefined ? file.place(path) : variable;
  };
}

function unknownVariables(environment: Environment): string[] {
  const known = new Set(SETTINGS.map(({ variable }) => variable));
  return Object.keys(environment)
    .filter((name) => name.startsWith('VOICE_EDGE_') && !known.has(name))
    .map((name) => `${name} is not a setting: known are ${[...known].join(', ')}`);
}

function contradictions(config: Config, environment: Environment, file: ConfigFile): string[] {
  const place = placeIn(environment, file);
  return [...edgeSettings.problems(config, place), ...apiSettings.problems(config)];
}
