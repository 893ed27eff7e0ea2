import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { z } from 'zod';

import { writeAtomically } from './atomic_file.ts';

/** The path of the report, which is one file, or why it was not made. */
export type AllureReport =
  { readonly ok: true; readonly path: string } | { readonly ok: false; readonly message: string };

/** How long the generator may take; no verdict depends on it. */
const PATIENCE_MS = 120_000;

const CONFIGURATION = fileURLToPath(new URL('./allure.yml', import.meta.url));

/** For a short run: only the fast compiler, and the simplest collector. `disable` silences a stale class archive. */
const JVM_OPTIONS = [
  '-XX:+UseSerialGC',
  '-XX:TieredStopAtLevel=1',
  '-XX:+IgnoreUnrecognizedVMOptions',
  '-Xlog:disable',
];

/** Without this, a report contacts an analytics host each time it is opened. Only `true` counts. */
const NO_ANALYTICS = { ALLURE_NO_ANALYTICS: 'true' };

/**
 * Makes the Allure report of the results in a folder: one HTML file that opens from the disk. It continues the trends
 * of the report it replaces, where that has the same name.
 *
 * From the second report on, the JVM starts in half the time, from an archive of the generator's classes in `cacheDir`.
 *
 * @param resultsDir the results; the history to continue is put there too
 * @param options.environment where Java is looked for: JAVA_HOME, then PATH
 */
export async function generateAllureReport(
  resultsDir: string,
  reportDir: string,
  options: {
    readonly name: string;
    readonly cacheDir: string;
    readonly environment?: Readonly<Record<string, string | undefined>>;
  },
): Promise<AllureReport> {
  const { name, cacheDir, environment = process.env } = options;
  if (!existsSync(resultsDir)) return { ok: false, message: `no results in ${resultsDir}` };
  const java = javaPath(environment);
  if (java === undefined) return { ok: false, message: NO_JAVA };
  const path = join(reportDir, 'index.html');
  const previous = existsSync(path) ? readFileSync(path, 'latin1') : undefined;
  if (previous !== undefined) keepHistory(previous, name, resultsDir);
  const archive = classArchive(java, cacheDir, previous !== undefined);
  const generate = ['generate', '--config', CONFIGURATION, '--single-file', '--clean', '--name', name];
  const failure = await runJava(java, [
    ...JVM_OPTIONS,
    ...archive.options,
    '-cp',
    classPath().join(delimiter),
    'io.qameta.allure.CommandLine',
    ...generate,
    '--output',
    reportDir,
    resultsDir,
  ]);
  if (failure !== undefined) return { ok: false, message: failure };
  archive.keep();
  return { ok: true, path };
}

const NO_JAVA =
  'Java was not found: install a JRE (Debian: apt-get install default-jre-headless) or set JAVA_HOME';

function javaPath(environment: Readonly<Record<string, string | undefined>>): string | undefined {
  const { JAVA_HOME, PATH = '' } = environment;
  const home = JAVA_HOME === undefined || JAVA_HOME === '' ? [] : [join(JAVA_HOME, 'bin')];
  return [...home, ...PATH.split(delimiter)].map((folder) => join(folder, 'java')).find(existsSync);
}

function classPath(): readonly string[] {
  const home = dirname(createRequire(import.meta.url).resolve('allure-commandline/package.json'));
  const lib = join(home, 'dist', 'lib');
  return readdirSync(lib)
    .filter((file) => file.endsWith('.jar'))
    .toSorted()
    .map((file) => join(lib, file));
}

/** The JVM's options for the class archive, and a function that keeps a new archive. */
interface ClassArchive {
  readonly options: readonly string[];
  keep(): void;
}

/**
 * @param worthwhile whether to make an archive where there is none: it costs seconds, which only pay off where further
 * reports follow
 */
function classArchive(java: string, cacheDir: string, worthwhile: boolean): ClassArchive {
  const sources = [realpathSync(java), ...classPath()];
  const key = createHash('sha256');
  for (const source of sources) key.update(`${source} ${statSync(source).mtimeMs}\n`);
  const path = join(cacheDir, `allure-${key.digest('hex').slice(0, 16)}.jsa`);
  const draft = `${path}.${process.pid}.draft`;
  if (existsSync(path)) return { options: [`-XX:SharedArchiveFile=${path}`], keep() {} };
  if (!worthwhile) return { options: [], keep() {} };
  mkdirSync(cacheDir, { recursive: true });
  return {
    options: [`-XX:ArchiveClassesAtExit=${draft}`],
    keep() {
      if (!existsSync(draft)) return;
      for (const file of readdirSync(cacheDir))
        if (file.endsWith('.jsa')) rmSync(join(cacheDir, file), { force: true });
      renameSync(draft, path);
    },
  };
}

/** Runs Java to its end; returns what went wrong, undefined where all went well. */
async function runJava(java: string, args: readonly string[]): Promise<string | undefined> {
  const generator = spawn(java, args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: PATIENCE_MS,
    env: { ...process.env, ...NO_ANALYTICS },
  });
  let said = '';
  for (const stream of [generator.stdout, generator.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => (said = (said + text).slice(-2_000)));
  return new Promise((resolve) => {
    generator.once('error', (error) => resolve(`${java} did not start: ${error.message}`));
    generator.once('close', (code, signal) => {
      const how = signal === null ? `ended with ${code}` : `was ended by ${signal}`;
      resolve(code === 0 ? undefined : `the Allure generator ${how}: ${said.trim()}`);
    });
  });
}

const EMBEDDED = /\bd\('(history\/[a-z-]+\.json|widgets\/summary\.json)','([\w+/=]*)'\)/g;

const summarySchema = z.object({ reportName: z.string() });

/** Copies the history out of the previous report, where that has the same name, into the new results. */
function keepHistory(previous: string, name: string, resultsDir: string): void {
  const files = new Map<string, string>();
  for (const [, file = '', base64 = ''] of previous.matchAll(EMBEDDED))
    files.set(file, Buffer.from(base64, 'base64').toString('utf8'));
  const summary = summarySchema.safeParse(jsonIn(files.get('widgets/summary.json')));
  if (summary.data?.reportName !== name) return;
  for (const [file, text] of files)
    if (file.startsWith('history/')) writeAtomically(join(resultsDir, file), text);
}

function jsonIn(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? 'null');
  } catch {
    return null;
  }
}
