import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';

import { findFault, loadFaults } from './catalogue.ts';

const GOOD = { id: 'too-late', rule: 'sip.hops', sentence: 'It is too late.', override: {} };

/** A folder with these files, each with that as its default export. */
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

test('a fault is found by its id, and its file told', async () => {
  await using folder = await folderOf({
    'sip/too_late.ts': GOOD,
    'fault.ts': 'no fault',
    'sip/notes.md': '',
  });
  assert.deepEqual(await loadFaults(folder.path), [{ fault: GOOD, file: 'faults/sip/too_late.ts' }]);
  assert.deepEqual(await findFault('too-late', folder.path), GOOD);
  assert.equal(await findFault('too-early', folder.path), undefined);
});

const BAD: readonly (readonly [what: string, file: string, content: unknown, said: RegExp])[] = [
  ['no fault at all', 'sip/too_late.ts', 'nothing', /sip\/too_late\.ts: has no fault as its default export/],
  ['one without an override', 'sip/too_late.ts', { ...GOOD, override: undefined }, /has no fault/],
  ['another id than its name', 'sip/too_early.ts', GOOD, /its id too-late is not its name too-early/],
  ['a rule of another area', 'app/too_late.ts', GOOD, /its rule sip\.hops is of another area/],
  ['half a sentence', 'sip/too_late.ts', { ...GOOD, sentence: 'It is' }, /does not end in a full stop/],
];
for (const [what, file, content, said] of BAD) {
  test(`${what} is refused, with the file`, async () => {
    await using folder = await folderOf({ [file]: content });
    await assert.rejects(loadFaults(folder.path), said);
  });
}

test('an id may be there once', async () => {
  const other = { ...GOOD, rule: 'app.errors' };
  await using folder = await folderOf({ 'sip/too_late.ts': GOOD, 'app/too_late.ts': other });
  await assert.rejects(loadFaults(folder.path), /the id too-late is there twice/);
});

test('every fault there is can be loaded', async () => {
  assert.ok((await loadFaults()).length > 0);
});
