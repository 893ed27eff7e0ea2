import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, describe, test } from 'node:test';

import { scenarioFile } from './test/peers.ts';

const folder = mkdtempSync(join(tmpdir(), 'sipp-ts-wrapper-'));
const dist = join(folder, 'dist');
const project = join(folder, 'project');
const installed = join(project, 'node_modules', 'sipp-ts-wrapper');
after(() => rmSync(folder, { recursive: true }));

const modules = createRequire(import.meta.url);
const packageFolder = (name: string) => dirname(modules.resolve(`${name}/package.json`));

/** What npm would install from the packed tarball, without a registry. */
function install(): string[] {
  execFileSync(process.execPath, [join(import.meta.dirname, 'build.ts'), dist], { stdio: 'pipe' });
  const packed = JSON.parse(
    execFileSync('npm', ['pack', '--json', '--offline', '--pack-destination', folder], {
      cwd: dist,
      stdio: 'pipe',
    }).toString(),
  );
  mkdirSync(installed, { recursive: true });
  execFileSync('tar', ['-xzf', join(folder, packed[0].filename), '--strip-components=1', '-C', installed]);
  symlinkSync(packageFolder('zod'), join(project, 'node_modules', 'zod'));
  mkdirSync(join(project, 'node_modules', '@types'));
  symlinkSync(packageFolder('@types/node'), join(project, 'node_modules', '@types', 'node'));
  writeFileSync(join(project, 'package.json'), '{ "type": "module" }');
  return packed[0].files.map(({ path }: { path: string }) => path);
}

describe('the package to publish', () => {
  const files = install();

  test('holds compiled code, types, the README and the licence, and nothing else', () => {
    const kinds = files.map((path) => path.replace(/^\w+(\.d)?(?=\.(js|ts)$)/, '*$1'));
    assert.deepEqual([...new Set(kinds)].toSorted(), [
      '*.d.ts',
      '*.js',
      'LICENSE',
      'README.md',
      'package.json',
    ]);
    assert.ok(!files.some((path) => path.includes('test')));
    const manifest = JSON.parse(readFileSync(join(installed, 'package.json'), 'utf8'));
    assert.deepEqual(Object.keys(manifest).toSorted(), [
      'bin',
      'dependencies',
      'description',
      'engines',
      'exports',
      'keywords',
      'license',
      'name',
      'type',
      'version',
    ]);
    assert.deepEqual(Object.keys(manifest.dependencies), ['zod']);
  });

  test('runs SIPp from JavaScript', () => {
    const script = join(project, 'call.js');
    writeFileSync(
      script,
      `import { runSipp, startSipp, drawLadder, ladderMessages } from 'sipp-ts-wrapper';
       const uas = await startSipp({ scenario: ${JSON.stringify(scenarioFile('options_server'))} });
       const remote = { host: uas.local.address, port: uas.local.port };
       const { outcome, messages } = await runSipp({ scenario: ${JSON.stringify(scenarioFile('options_client'))}, remote });
       console.log(outcome, (await uas.exited).outcome);
       console.log(drawLadder(ladderMessages(messages, { local: 'uac', remote: 'uas' })));`,
    );
    const { stdout, stderr } = spawnSync(process.execPath, [script], { encoding: 'utf8' });
    assert.equal(stderr, '');
    assert.match(stdout, /^passed passed\n/);
    assert.match(stdout, /\|-- OPTIONS \(CSeq 1 OPTIONS\) ->\|\n/);
  });

  test('has a command', () => {
    const command = join(installed, 'sipp_run.js');
    const { status, stdout } = spawnSync(process.execPath, [command, '--help'], { encoding: 'utf8' });
    assert.equal(status, 0);
    assert.match(stdout, /^sipp-run <scenario\.xml>/);
    assert.match(readFileSync(command, 'utf8'), /^#!\/usr\/bin\/env node\n/);
  });

  test('has types that a strict project can use', () => {
    const source = join(project, 'use.ts');
    writeFileSync(
      source,
      `import { runSipp, SippError, type SippOptions, type SippResult } from 'sipp-ts-wrapper';
       import { main } from 'sipp-ts-wrapper/cli';
       const options: SippOptions = { scenario: 'x.xml', calls: 'unbounded' };
       const result: SippResult = await runSipp(options, { onMessage: ({ text }) => void text.length });
       // @ts-expect-error an outcome is no number: the types are found
       const wrong: number = result.outcome;
       export { main, SippError, wrong };`,
    );
    const tsc = join(packageFolder('typescript'), 'bin', 'tsc');
    const flags = [
      '--noEmit',
      '--strict',
      '--module',
      'nodenext',
      '--target',
      'es2022',
      '--lib',
      'es2022,esnext.disposable',
    ];
    const { stdout } = spawnSync(process.execPath, [tsc, ...flags, '--types', 'node', source], {
      cwd: project,
      encoding: 'utf8',
    });
    assert.equal(stdout, '');
  });
});
