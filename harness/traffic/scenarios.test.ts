import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';

import * as fc from 'fast-check';

import { HarnessError } from '../verdict.ts';
import { findScenario, listScenarios, nearMatches, readScenarioFile } from './scenarios.ts';

const CLIENT = `<?xml version="1.0"?>
<!--
  Two lines until the first
  full stop, as in 1.5 s. Not this any more.
  Alone:
    sipp -sf it.xml. -m 1
-->
<scenario><!-- no <recv/> --><nop/><send/></scenario>`;
const SERVER = '<scenario><recv request="INVITE"/><send/></scenario>';

describe('scenario files', () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'scenarios-'));
    for (const area of ['media', 'signaling']) mkdirSync(join(folder, area));
    for (const path of ['media/call.xml', 'signaling/call.xml', 'signaling/call-refused.xml']) {
      writeFileSync(join(folder, path), CLIENT);
    }
    writeFileSync(join(folder, 'signaling/answer.xml'), SERVER);
    writeFileSync(join(folder, 'signaling/notes.txt'), 'no scenario');
  });
  after(() => rmSync(folder, { recursive: true }));

  const refused = (reference: string, message: RegExp): void =>
    assert.throws(
      () => findScenario(reference, folder),
      (error: Error) => error instanceof HarnessError && message.test(error.message),
    );

  test('tells the first sentence of the header, and who sends first', () => {
    const client = readScenarioFile(join(folder, 'media/call.xml'));
    assert.equal(client.summary, 'Two lines until the first full stop, as in 1.5 s.');
    assert.deepEqual([client.name, client.placesCalls], ['call', true]);
    const server = readScenarioFile(join(folder, 'signaling/answer.xml'));
    assert.deepEqual([server.summary, server.placesCalls], ['', false]);
  });

  test('lists XML files by path, a name before the names it begins', () => {
    assert.deepEqual(
      listScenarios(folder).map(({ path }) => path.slice(folder.length + 1)),
      ['media/call.xml', 'signaling/answer.xml', 'signaling/call.xml', 'signaling/call-refused.xml'],
    );
  });

  test('finds a file, a name, and as much of a path as is needed', () => {
    const answer = join(folder, 'signaling/answer.xml');
    for (const reference of [answer, 'answer', 'answer.xml', 'signaling/answer']) {
      assert.equal(findScenario(reference, folder), answer);
    }
    assert.equal(findScenario('media/call', folder), join(folder, 'media/call.xml'));
  });

  test('refuses a name of several or none, with what may have been meant', () => {
    refused('call', /names several scenarios: give one of .*media\/call\.xml, .*signaling\/call\.xml/);
    refused('anwser', /Did you mean answer\?$/);
    refused('refused', /Did you mean call-refused\?$/);
    refused('zzzzzz', /Known are call, answer, call, call-refused\.$/);
    refused('signaling', /no scenario "signaling"/);
  });
});

test('a name with one character changed, added or taken out is near, and the nearest comes first', () => {
  const name = fc.stringMatching(/^[a-z][a-z-]{3,20}$/);
  const edit = fc.constantFrom('change', 'add', 'remove');
  fc.assert(
    fc.property(name, fc.nat(), edit, (right, place, kind) => {
      const at = place % right.length;
      const rest = right.slice(kind === 'add' ? at : at + 1);
      const wrong = `${right.slice(0, at)}${kind === 'remove' ? '' : '0'}${rest}`;
      const names = [`${right}-and-much-more-of-it`, right];
      assert.equal(nearMatches(wrong, names)[0], right);
    }),
  );
});
