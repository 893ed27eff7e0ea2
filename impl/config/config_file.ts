import { readFileSync } from 'node:fs';

import { isNode, LineCounter, parseDocument } from 'yaml';

/** What is wrong with a configuration. Each text says where, why and how to correct it. */
export interface ConfigProblems {
  readonly problems: readonly string[];
}

/** A configuration's file, read but not yet judged. */
export interface ConfigFile {
  readonly content: Record<string, unknown>;
  /** Names a setting: `edge.yaml:7: sip.port`, without the line if the file does not have it. */
  readonly place: (path: readonly PropertyKey[]) => string;
}

/** Stands in if no file is named. */
export const EMPTY_FILE: ConfigFile = { content: {}, place: (path) => path.join('.') };

/** Reads a YAML or JSON file, or says what is wrong with it. */
export function readConfigFile(file: string): ConfigFile | ConfigProblems {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    const reason = error instanceof Error && 'code' in error ? error.code : error;
    return {
      problems: [`${file}: cannot be read (${String(reason)}): name a YAML or JSON file after --config`],
    };
  }
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  if (document.errors.length > 0) {
    return {
      problems: document.errors.map((e) => `${file}:${lines.linePos(e.pos[0]).line}: ${e.message}`),
    };
  }
  const content: unknown = document.toJS() ?? {};
  if (!isMapping(content)) {
    return { problems: [`${file}: must be a mapping of settings, such as "sip: {port: 6160}"`] };
  }
  return {
    content,
    place(path) {
      const node = document.getIn(path, true);
      const start = isNode(node) ? node.range?.[0] : undefined;
      const line = start === undefined ? '' : `:${lines.linePos(start).line}`;
      return `${file}${line}: ${path.join('.')}`;
    },
  };
}

/** Whether the value is an object with keys. */
export function isMapping(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
