/** Builds `dist/`: the JavaScript and the types that the published package consists of. `npm pack` runs it. */
import { execFileSync } from 'node:child_process';
import { chmodSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const folder = import.meta.dirname;
const dist = join(folder, 'dist');

const compiler = createRequire(import.meta.url).resolve('typescript/package.json');
rmSync(dist, { recursive: true, force: true });
execFileSync(
  process.execPath,
  [join(dirname(compiler), 'bin', 'tsc'), '-p', join(folder, 'tsconfig.build.json'), '--outDir', dist],
  { stdio: 'inherit' },
);
chmodSync(join(dist, 'sipp_run.js'), 0o755);
