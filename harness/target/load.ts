import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { LineCounter, isNode, parseDocument, type Document } from 'yaml';
import type { z } from 'zod';
import { HarnessError } from '../verdict.ts';
import { targetDescriptor, type TargetDescriptor } from './descriptor.ts';

const FILE = 'target.yaml';

/**
 * The descriptor that `reference` names: a file, a folder with a target.yaml, or the name of a folder in targets/.
 * Throws a HarnessError that names the file, the place in it and the mend.
 */
export function loadTarget(reference: string, targetsFolder = 'targets'): TargetDescriptor {
  const file = descriptorFile(reference, targetsFolder);
  const lines = new LineCounter();
  const document = parseDocument(readFileSync(file, 'utf8'), { lineCounter: lines });
  const [syntax] = document.errors;
  if (syntax) {
    const { line, col } = lines.linePos(syntax.pos[0]);
    throw new HarnessError(`${file}:${line}:${col}: not YAML: ${syntax.message.split('\n')[0]}`);
  }
  const parsed = targetDescriptor.safeParse(document.toJS());
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map((issue) => `  ${problem(issue, document, lines)}`);
  throw new HarnessError(
    `${file} does not describe a target:\n${problems.join('\n')}\ndocs/targets.md explains every field; targets/reference/${FILE} is an example.`,
  );
}

function descriptorFile(reference: string, targetsFolder: string): string {
  const candidates = [reference, join(reference, FILE), join(targetsFolder, reference, FILE)];
  const file = candidates.find((path) => existsSync(path) && statSync(path).isFile());
  if (file !== undefined) return file;
  const known = existsSync(targetsFolder)
    ? readdirSync(targetsFolder).filter((name) => existsSync(join(targetsFolder, name, FILE)))
    : [];
  throw new HarnessError(
    `no target "${reference}": looked for ${candidates.join(', ')}. Known targets: ${known.join(', ') || 'none'}.`,
  );
}

function problem(issue: z.core.$ZodIssue, document: Document, lines: LineCounter): string {
  const path = issue.path.map(String);
  // A missing key has no node of its own: its place is the nearest one that is there.
  let depth = path.length;
  let node = document.getIn(path, true);
  while (!isNode(node) && depth > 0) node = document.getIn(path.slice(0, --depth), true);
  const offset = isNode(node) ? node.range?.[0] : undefined;
  const where = offset === undefined ? '' : `line ${lines.linePos(offset).line}: `;
  return `${where}${path.join('.') || '(top)'}: ${issue.message}`;
}
