/**
 * Makes `package.json` that of the published package while npm packs it, and puts it back. In the repository the sources
 * are run as they are; Node takes no TypeScript from `node_modules`, so a packed one must name `dist/`.
 */
import { existsSync, readFileSync, renameSync, copyFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const manifest = join(import.meta.dirname, 'package.json');
const kept = join(import.meta.dirname, 'package.json.kept');

interface Manifest {
  exports: Record<string, string>;
  bin: Record<string, string>;
  scripts?: unknown;
}

function publish(): void {
  // A packing that was interrupted has left its own behind.
  restore();
  const { scripts: _, ...source }: Manifest = JSON.parse(readFileSync(manifest, 'utf8'));
  const published = {
    ...source,
    exports: Object.fromEntries(
      Object.entries(source.exports).map(([name, path]) => [
        name,
        { types: compiled(path, '.d.ts'), default: compiled(path, '.js') },
      ]),
    ),
    bin: Object.fromEntries(Object.entries(source.bin).map(([name, path]) => [name, compiled(path, '.js')])),
  };
  copyFileSync(manifest, kept);
  writeFileSync(manifest, `${JSON.stringify(published, undefined, 2)}\n`);
}

/** What the compiler makes of `./src/x.ts`. */
function compiled(source: string, extension: '.js' | '.d.ts'): string {
  return source.replace('./src/', './dist/').replace(/\.ts$/, extension);
}

function restore(): void {
  if (existsSync(kept)) renameSync(kept, manifest);
}

if (process.argv[2] === 'publish') publish();
else restore();
