import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { pathToFileURL } from 'node:url';

import { instrumentReference } from './instrument.ts';

const FILE = 'impl/net/ipv4_prefix.ts';
const folder = mkdtempSync(join(tmpdir(), 'mutants-'));
after(() => rmSync(folder, { recursive: true }));
const mutants = await instrumentReference([FILE], folder);

describe('the instrumented reference', () => {
  test('is a whole copy, which does what the original does until a mutant is switched on', async () => {
    assert.ok(existsSync(join(folder, 'impl/main.ts')));
    assert.ok(existsSync(join(folder, 'package.json')));
    const code: { activeMutant?: string | undefined } = {};
    Object.assign(globalThis, { __stryker__: code });
    const { maskOf }: { maskOf: (length: number) => number } = await import(
      pathToFileURL(join(folder, FILE)).href
    );
    assert.equal(maskOf(0), 0);
    const mutant = mutants.find(
      ({ original, replacement }) => original === 'length === 0' && replacement === 'false',
    );
    code.activeMutant = mutant?.number;
    assert.notEqual(maskOf(0), 0);
    code.activeMutant = undefined;
    assert.equal(maskOf(0), 0);
  });

  test('names each mutant by its place, and says what it changes', () => {
    const ids = new Set(mutants.map(({ id }) => id));
    assert.equal(ids.size, mutants.length);
    for (const { id, file, line } of mutants)
      assert.ok(id.startsWith(`${FILE}:${line}:`) && file === FILE, id);
    const changes = mutants
      .filter(({ code }) => code.startsWith('return length === 0'))
      .map(({ mutator, original, replacement }) => [mutator, original, replacement]);
    assert.ok(
      changes.some((change) => change.join(' | ') === 'EqualityOperator | length === 0 | length !== 0'),
      JSON.stringify(changes),
    );
  });

  test('leaves the descriptions of the OpenAPI page alone', async () => {
    const schema = 'impl/api/application_schema.ts';
    const found = await instrumentReference([schema], join(folder, 'schema'));
    const texts = found.filter(({ mutator }) => mutator === 'StringLiteral');
    assert.ok(texts.some(({ original }) => original === "'POST'"));
    assert.deepEqual(
      texts.filter(({ code, original }) => code.includes(`.describe(${original})`)),
      [],
    );
  });

  test('replaces the copy that was there', async () => {
    await instrumentReference(['impl/net/ipv4.ts'], folder);
    assert.ok(existsSync(join(folder, FILE)));
  });
});
