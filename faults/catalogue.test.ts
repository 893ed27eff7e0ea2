import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';

import { findFault, loadFaults } from './catalogue.ts';

const GOOD = { id: 'too-late', rule: 'sip.hops.before-auth', sentence: 'It is too late.', override: {} };

/** A folder with these files; each value is the file's default export. */
async function folderOf(
  files: Readonly<Record<string, unknown>>,
): Promise<AsyncDisposable & { path: string }> {
  const path = await mkdtemp(join(tmpdir(), 'faults-'));
  for (const [name, content] of Object.entries(files)) {
    await mkdir(join(path, name, '..'), { recursive: true });
    await writeFile(join(path, name), `export default ${JSON.stringify(content)};\n`);
  }
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true }) };
}

test('a fault is found by its id, with its file', async () => {
  await using folder = await folderOf({
    'sip/hops_before_auth.ts': [{ ...GOOD, id: 'too-late-too' }, GOOD],
    'fault.ts': 'no fault',
    'sip/notes.md': '',
  });
  const file = 'faults/sip/hops_before_auth.ts';
  assert.deepEqual(await loadFaults(folder.path), [
    { fault: { ...GOOD, id: 'too-late-too' }, file },
    { fault: GOOD, file },
  ]);
  assert.deepEqual(await findFault('too-late', folder.path), GOOD);
  assert.equal(await findFault('too-early', folder.path), undefined);
  assert.equal(await findFault('too', folder.path), undefined);
});

test('finding a fault loads only files that name it', async () => {
  await using folder = await folderOf({
    'app/errors.ts': 'cannot be loaded',
    'sip/hops_before_auth.ts': [GOOD],
  });
  assert.deepEqual(await findFault('too-late', folder.path), GOOD);
});

const BAD: readonly (readonly [what: string, file: string, content: unknown, said: RegExp])[] = [
  ['no fault at all', 'sip/hops.ts', 'nothing', /sip\/hops\.ts: has no list of faults as its default export/],
  ['an empty list', 'sip/hops.ts', [], /has no list of faults/],
  ['one without an override', 'sip/hops.ts', [{ ...GOOD, override: undefined }], /has no list of faults/],
  [
    'an id in capitals',
    'sip/hops_before_auth.ts',
    [{ ...GOOD, id: 'Late' }],
    /the id Late is not lower case/,
  ],
  [
    'a rule of another file',
    'sip/hops.ts',
    [GOOD],
    /sip\/hops\.ts: its rule sip\.hops\.before-auth belongs in faults\/sip\/hops_before_auth\.ts/,
  ],
  [
    'half a sentence',
    'sip/hops_before_auth.ts',
    [{ ...GOOD, sentence: 'It is' }],
    /the sentence of too-late does not end in a full stop/,
  ],
];
for (const [what, file, content, said] of BAD) {
  test(`${what} is refused, with the file`, async () => {
    await using folder = await folderOf({ [file]: content });
    await assert.rejects(loadFaults(folder.path), said);
  });
}

test('an id may be used only once', async () => {
  const other = { ...GOOD, rule: 'app.errors' };
  await using folder = await folderOf({ 'sip/hops_before_auth.ts': [GOOD, GOOD] });
  await assert.rejects(loadFaults(folder.path), /the id too-late is there twice/);
  await using two = await folderOf({ 'sip/hops_before_auth.ts': [GOOD], 'app/errors.ts': [other] });
  await assert.rejects(loadFaults(two.path), /the id too-late is there twice/);
});

test('every fault there is can be loaded', async () => {
  assert.ok((await loadFaults()).length > 0);
});
