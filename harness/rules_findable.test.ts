import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

import { isRuleTag } from './rules.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** Where a search for a rule's id must find it, and the mend where it does not. */
const PLACES: readonly { readonly files: readonly string[]; readonly mend: string }[] = [
  {
    files: ['scenarios/**/*.xml', 'steps/**/*.ts'],
    mend: 'name it after "Rules:" in the header of the SIPp scenario that makes its traffic, or above the step that does',
  },
  { files: ['harness/expect/*.ts'], mend: 'name it in the docstring of the matcher that judges it' },
  { files: ['faults/!(generated)/*.ts'], mend: 'write a fault that breaks it (faults/README.md)' },
];

function textOf(patterns: readonly string[]): string {
  const files = globSync([...patterns], { cwd: ROOT }).filter((file) => !file.endsWith('.test.ts'));
  return files.map((file) => readFileSync(`${ROOT}${file}`, 'utf8')).join('\n');
}

/** Matches the whole id: `sip.hops` is not found in `sip.hops.decrement`. */
function isFound(id: string, text: string): boolean {
  return new RegExp(`(?<![\\w.-])${id.replaceAll('.', String.raw`\.`)}(?![\\w-]|\\.\\w)`).test(text);
}

function coveredRules(): readonly string[] {
  const tags = textOf(['features/**/*.feature']).match(/(?<=\s)@\S+/g) ?? [];
  return [...new Set(tags.filter(isRuleTag).map((tag) => tag.slice(1)))].toSorted();
}

/** Each rule and place where a search for the id finds nothing, with the mend. */
function unfound(rules: readonly string[]): string[] {
  return PLACES.flatMap(({ files, mend }) => {
    const text = textOf(files);
    return rules
      .filter((id) => !isFound(id, text))
      .map((id) => `${id} is nowhere in ${files.join(' or ')}: ${mend}`);
  });
}

test('a rule that has scenarios is found by its id: traffic, matcher, fault', () => {
  const rules = coveredRules();
  assert.notEqual(rules.length, 0);
  const missing = unfound(rules);
  assert.ok(missing.length === 0, `\n${missing.join('\n')}\n`);
});

test('a rule that nothing names is reported, with the place and the mend', () => {
  // Put together, so that a search does not find it here.
  const nobody = ['sip', 'named-by-nobody'].join('.');
  assert.deepEqual(
    unfound([nobody]).map((sentence) => sentence.split(':')[0]),
    PLACES.map(({ files }) => `${nobody} is nowhere in ${files.join(' or ')}`),
  );
  assert.ok(!isFound('sip.hops', 'sip.hops.decrement, sip.hops-too, app.sip.hops'));
  assert.ok(isFound('sip.hops', 'Rules: sip.loop, sip.hops.'));
});
