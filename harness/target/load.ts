import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

import { LineCounter, isNode, isMap, parseDocument, type Document } from 'yaml';
import { z } from 'zod';

import { HarnessError } from '../verdict.ts';
import { targetDescriptor, type TargetDescriptor } from './descriptor.ts';
import type { DescriptorMistake } from './mistake.ts';

/** A problem with a field of a descriptor that the schema cannot find. */
export interface DescriptorProblem {
  readonly path: readonly PropertyKey[];
  /** What is wrong, and how to mend it. */
  readonly message: string;
}

const FILE = 'target.yaml';
const WHERE_TO_LOOK = `docs/targets.md explains every field; targets/reference/${FILE} is an example.`;

/**
 * The descriptor that `reference` names: a file, a folder with a target.yaml, or the name of a folder in targets/.
 * Throws a HarnessError that names the file, the place in it and the mend.
 *
 * @param review finds problems that the schema cannot see, such as a known failure of a rule that no feature has
 */
export function loadTarget(
  reference: string,
  targetsFolder = 'targets',
  review: (descriptor: TargetDescriptor) => readonly DescriptorProblem[] = () => [],
): TargetDescriptor {
  const { file, document, lines } = readDescriptor(reference, targetsFolder);
  const [syntax] = document.errors;
  if (syntax) {
    const { line, col } = lines.linePos(syntax.pos[0]);
    const what =
      syntax.code === 'MULTIPLE_DOCS' ? 'a descriptor is one document, without "---"' : syntax.message;
    throw new HarnessError(`${file}:${line}:${col}: not the YAML of a descriptor: ${what}`);
  }
  const parsed = targetDescriptor.safeParse(contentOf(document, file), { reportInput: true });
  const problems = parsed.success
    ? review(parsed.data).map(
        ({ path, message }) => `${lineOf(path, document, lines)}${named(path)}: ${message}`,
      )
    : parsed.error.issues.flatMap((issue) => problemsOf(issue, document, lines));
  if (parsed.success && problems.length === 0) return parsed.data;
  throw new HarnessError(
    `${file} does not describe a target:\n${problems.map((text) => `  ${text}`).join('\n')}\n${WHERE_TO_LOOK}`,
  );
}

/** The mistake as a user of that descriptor reads it: with file, line and name of each field. */
export function mistakeInFile(
  { message, fields }: DescriptorMistake,
  reference: string,
  targetsFolder = 'targets',
): string {
  const { file, document, lines } = readDescriptor(reference, targetsFolder);
  const places = fields.map((path) => `  ${file}, ${lineOf(path, document, lines)}${named(path)}`);
  return [message, ...places].join('\n');
}

interface ReadDescriptor {
  readonly file: string;
  readonly document: Document;
  readonly lines: LineCounter;
}

function readDescriptor(reference: string, targetsFolder: string): ReadDescriptor {
  const file = descriptorFile(reference, targetsFolder);
  const lines = new LineCounter();
  return { file, document: parseDocument(textOf(file), { lineCounter: lines, prettyErrors: false }), lines };
}

function descriptorFile(reference: string, targetsFolder: string): string {
  const candidates = [reference, join(reference, FILE), join(targetsFolder, reference, FILE)];
  const file = candidates.find((path) => existsSync(path) && statSync(path).isFile());
  if (file !== undefined && reference !== '') return file;
  const known = existsSync(targetsFolder)
    ? readdirSync(targetsFolder).filter((name) => existsSync(join(targetsFolder, name, FILE)))
    : [];
  throw new HarnessError(
    `no target "${reference}": there is no file ${candidates.join(', ')}. Give a descriptor file, ` +
      `a folder with a ${FILE}, or the name of a folder in ${targetsFolder}/: ${known.join(', ') || 'none there'}.`,
  );
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new HarnessError(`${file} cannot be read: ${String(error)}`, { cause: error });
  }
}

function contentOf(document: Document, file: string): unknown {
  try {
    return document.toJS();
  } catch (error) {
    // An alias without an anchor, or one that expands without end, shows only when it is resolved.
    throw new HarnessError(`${file}: ${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    });
  }
}

/** The problems of an issue, one line each: where, which field, what is wrong with it, what it is for. */
function problemsOf(issue: z.core.$ZodIssue, document: Document, lines: LineCounter): string[] {
  const { path } = issue;
  if (issue.code === 'unrecognized_keys') {
    const known = fieldsAt(path).join(', ');
    return issue.keys.map((key) => {
      const field = [...path, key];
      return `${lineOf(field, document, lines)}${named(field)} is not a field; the fields here are ${known}`;
    });
  }
  if (issue.input === null && path.length === 0) return ['the file is empty'];
  const where = lineOf(path, document, lines);
  const meaning = schemaAt(path)?.description;
  const purpose = meaning === undefined ? '' : ` (${meaning})`;
  if (issue.input === undefined)
    return [`${where}${named(path)} is missing${purpose || `: ${reasonOf(issue)}`}`];
  return [`${where}${named(path)}: ${reasonOf(issue)}${purpose}`];
}

function reasonOf({ message }: z.core.$ZodIssue): string {
  return message.replace(/^Invalid input: /, '').replace(', received undefined', '');
}

function named(path: readonly PropertyKey[]): string {
  return path.map(String).join('.') || 'the file';
}

/** The line of the field; where it is missing, that of the nearest field around it. */
function lineOf(path: readonly PropertyKey[], document: Document, lines: LineCounter): string {
  for (let depth = path.length; depth >= 0; depth -= 1) {
    const offset = offsetOf(path.slice(0, depth), document);
    if (offset !== undefined) return `line ${lines.linePos(offset).line}: `;
  }
  return '';
}

function offsetOf(path: readonly PropertyKey[], document: Document): number | undefined {
  const parent = document.getIn(path.slice(0, -1), true);
  const pair = isMap(parent)
    ? parent.items.find(({ key }) => String(key) === String(path.at(-1)))
    : undefined;
  const node = isNode(pair?.key) ? pair.key : document.getIn(path, true);
  return isNode(node) ? node.range?.[0] : undefined;
}

function fieldsAt(path: readonly PropertyKey[]): string[] {
  const schema = unwrapped(schemaAt(path));
  if (schema instanceof z.ZodObject) return Object.keys(schema.shape);
  return schema instanceof z.ZodRecord && schema.keyType instanceof z.ZodEnum
    ? schema.keyType.options.map(String)
    : [];
}

/** The schema of the field at `path`, with its description; undefined where the schema knows none. */
function schemaAt(
  path: readonly PropertyKey[],
): (z.core.$ZodType & { description?: string | undefined }) | undefined {
  return path.reduce<z.core.$ZodType | undefined>((schema, key) => {
    const inner = unwrapped(schema);
    if (inner instanceof z.ZodObject) return inner.shape[String(key)];
    if (inner instanceof z.ZodArray) return inner.element;
    return inner instanceof z.ZodRecord ? inner.valueType : undefined;
  }, targetDescriptor);
}

function unwrapped(schema: z.core.$ZodType | undefined): z.core.$ZodType | undefined {
  const wraps =
    schema instanceof z.ZodOptional || schema instanceof z.ZodDefault || schema instanceof z.ZodNullable;
  return wraps ? unwrapped(schema.unwrap()) : schema;
}
