/** Builds `dist/`, a package of its own that `npm publish dist` publishes. */
import { execFileSync } from 'node:child_process';
import { chmodSync, copyFileSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const folder = import.meta.dirname;
const dist = process.argv[2] ?? join(folder, 'dist');

const compiler = createRequire(import.meta.url).resolve('typescript/package.json');
rmSync(dist, { recursive: true, force: true });
execFileSync(
  process.execPath,
  [join(dirname(compiler), 'bin', 'tsc'), '-p', join(folder, 'tsconfig.build.json'), '--outDir', dist],
  { stdio: 'inherit' },
);

interface Manifest {
  exports: Record<string, string>;
  bin: Record<string, string>;
  scripts?: unknown;
}
const { scripts: _, ...manifest }: Manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
const compiled = (source: string, extension: string) =>
  source.replace('./src/', './').replace(/\.ts$/, extension);
const published = {
  ...manifest,
  exports: Object.fromEntries(
    Object.entries(manifest.exports).map(([name, source]) => [
      name,
      { types: compiled(source, '.d.ts'), default: compiled(source, '.js') },
    ]),
  ),
  bin: Object.fromEntries(
    Object.entries(manifest.bin).map(([name, source]) => [name, compiled(source, '.js')]),
  ),
};
writeFileSync(join(dist, 'package.json'), `${JSON.stringify(published, undefined, 2)}\n`);
for (const file of ['README.md', 'LICENSE']) copyFileSync(join(folder, file), join(dist, file));
for (const script of Object.values(published.bin)) chmodSync(join(dist, script), 0o755);
