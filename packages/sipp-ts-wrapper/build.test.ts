import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import {
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { after, describe, test } from 'node:test';

import { scenarioFile } from './test/peers.ts';

const folder = mkdtempSync(join(tmpdir(), 'sipp-ts-wrapper-'));
const project = join(folder, 'project');
const installed = join(project, 'node_modules', 'sipp-ts-wrapper');
after(() => rmSync(folder, { recursive: true }));

const modules = createRequire(import.meta.url);
const packageFolder = (name: string) => dirname(modules.resolve(`${name}/package.json`));

/** A copy of the package's folder, at the place it has in the repository: packing changes it for a moment. */
function copiedPackage(): string {
  const repository = join(import.meta.dirname, '..', '..');
  const copy = join(folder, 'repository', 'packages', 'sipp-ts-wrapper');
  const isSource = (path: string) => !/\/(?:node_modules|dist)(?:\/|$)/.test(relative(repository, path));
  cpSync(import.meta.dirname, copy, { recursive: true, filter: isSource });
  copyFileSync(join(repository, 'tsconfig.json'), join(folder, 'repository', 'tsconfig.json'));
  symlinkSync(join(repository, 'node_modules'), join(folder, 'repository', 'node_modules'));
  return copy;
}

/** The path of the tarball that `npm pack` makes in the folder `source`. */
function packed(source: string, ...flags: string[]): string {
  const tarballs = mkdtempSync(join(folder, 'packed-'));
  execFileSync('npm', ['pack', '--offline', '--pack-destination', tarballs, ...flags], {
    cwd: source,
    stdio: 'pipe',
  });
  return join(tarballs, readdirSync(tarballs)[0]!);
}

/** Packs the package's folder and installs that elsewhere, without a registry; returns the files of the tarball. */
function install(source: string): string[] {
  const tarball = packed(source);
  mkdirSync(project);
  writeFileSync(join(project, 'package.json'), '{ "type": "module" }');
  execFileSync(
    'npm',
    [
      'install',
      '--offline',
      '--no-audit',
      '--no-fund',
      packed(packageFolder('zod'), '--ignore-scripts'),
      tarball,
    ],
    { cwd: project, stdio: 'pipe' },
  );
  mkdirSync(join(project, 'node_modules', '@types'));
  symlinkSync(packageFolder('@types/node'), join(project, 'node_modules', '@types', 'node'));
  const files = execFileSync('tar', ['-tzf', tarball], { encoding: 'utf8' });
  return files
    .trim()
    .split('\n')
    .map((path) => path.replace('package/', ''));
}

describe('the package to publish', () => {
  const copy = copiedPackage();
  const manifestBefore = readFileSync(join(copy, 'package.json'), 'utf8');
  const files = install(copy);

  test('leaves the folder that it is packed in as it was', () => {
    assert.equal(readFileSync(join(copy, 'package.json'), 'utf8'), manifestBefore);
    const added = readdirSync(copy).filter((name) => !existsSync(join(import.meta.dirname, name)));
    assert.deepEqual(
      added.filter((name) => name !== 'dist'),
      [],
    );
  });

  test('is mended by the next packing where one was interrupted', () => {
    const manifest = (what: string) =>
      execFileSync(process.execPath, [join(copy, 'manifest.ts'), what], { stdio: 'pipe' });
    manifest('publish');
    manifest('publish');
    assert.notEqual(readFileSync(join(copy, 'package.json'), 'utf8'), manifestBefore);
    manifest('restore');
    manifest('restore');
    assert.equal(readFileSync(join(copy, 'package.json'), 'utf8'), manifestBefore);
  });

  test('holds compiled code, types, the README and the licence, and nothing else', () => {
    const kinds = files.map((path) => path.replace(/(?<=^dist\/)\w+(\.d)?(?=\.(js|ts)$)/, '*$1'));
    assert.deepEqual([...new Set(kinds)].toSorted(), [
      'LICENSE',
      'README.md',
      'dist/*.d.ts',
      'dist/*.js',
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
      'files',
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
    const command = join(project, 'node_modules', '.bin', 'sipp-run');
    const { status, stdout, stderr } = spawnSync(command, ['--help'], { encoding: 'utf8' });
    assert.equal(stderr, '');
    assert.equal(status, 0);
    assert.match(stdout, /^sipp-run <scenario\.xml>/);
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
