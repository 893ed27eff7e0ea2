import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';

import { AstBuilder, GherkinClassicTokenMatcher, Parser } from '@cucumber/gherkin';
import { IdGenerator } from '@cucumber/messages';

import {
  areaOf,
  AREAS,
  BASES,
  isRuleTag,
  loadRules,
  parseRules,
  rulesOf,
  type Profile,
  type RuleCatalogue,
} from './rules.ts';
import { HarnessError } from './verdict.ts';

const FEATURES = fileURLToPath(new URL('../features/', import.meta.url));

/** What is wrong with a feature's rule tags, each problem with its file and line; empty where all is well. */
function tagProblems(uri: string, text: string, catalogue: RuleCatalogue): string[] {
  const parser = new Parser(new AstBuilder(IdGenerator.incrementing()), new GherkinClassicTokenMatcher());
  const feature = parser.parse(text).feature;
  const problems: string[] = [];
  const knownOnly = (tags: readonly { name: string; location: { line: number } }[]): void => {
    for (const tag of tags)
      if (isRuleTag(tag.name) && !catalogue.has(tag.name.slice(1)))
        problems.push(`${uri}:${tag.location.line}: ${tag.name} names no rule of features/rules.yaml`);
  };
  knownOnly(feature?.tags ?? []);
  for (const child of feature?.children ?? []) {
    if (child.scenario)
      problems.push(`${uri}:${child.scenario.location.line}: the scenario stands outside a Rule`);
    if (!child.rule) continue;
    const { rule } = child;
    knownOnly(rule.tags);
    const ids = rule.tags.filter((tag) => isRuleTag(tag.name));
    if (ids.length !== 1)
      problems.push(`${uri}:${rule.location.line}: the Rule has ${ids.length} rule-id tags, it needs one`);
    for (const { scenario } of rule.children) {
      if (!scenario) continue;
      for (const tags of [scenario.tags, ...scenario.examples.map((examples) => examples.tags)])
        for (const tag of tags)
          if (isRuleTag(tag.name))
            problems.push(`${uri}:${tag.location.line}: ${tag.name} belongs on a Rule, not on a scenario`);
    }
  }
  return problems;
}

/** The message `parseRules` refuses a text with. */
function refusal(text: string): string {
  try {
    parseRules(text, 'rules.yaml');
  } catch (error) {
    assert.ok(error instanceof HarnessError);
    return error.message;
  }
  return 'accepted';
}

describe('features/rules.yaml', () => {
  const catalogue = loadRules();

  test('holds every area, in the order of the areas', () => {
    const areas = [...catalogue.keys()].map(areaOf);
    assert.deepEqual(
      areas.filter((area, at) => area !== areas[at - 1]),
      Object.keys(AREAS),
    );
  });

  test('has no two rules with the same sentence', () => {
    const sentences = [...catalogue.values()].map((rule) => rule.sentence);
    assert.deepEqual(
      sentences.filter((sentence, at) => sentences.indexOf(sentence) !== at),
      [],
    );
  });

  test('gives a standard as the source of every rfc rule', () => {
    for (const rule of catalogue.values())
      if (rule.basis === 'rfc') assert.match(rule.source, /RFC \d+/, rule.id);
  });

  test('matches the features: each Rule has one rule id, each scenario is in a Rule', () => {
    const problems = globSync('**/*.feature', { cwd: FEATURES }).flatMap((file) =>
      tagProblems(join('features', file), readFileSync(join(FEATURES, file), 'utf8'), catalogue),
    );
    assert.deepEqual(problems, []);
  });
});

describe('the check of rule tags', () => {
  const catalogue = parseRules(
    '- { id: sip.hops, basis: doc, source: a guide, sentence: It stops. }\n- { id: sip.loop, basis: doc, source: a guide, sentence: It ends. }',
    'rules.yaml',
  );
  const problems = (lines: string[]): string[] => tagProblems('a.feature', lines.join('\n'), catalogue);

  test('accepts a Rule with one known id among other tags', () => {
    assert.deepEqual(
      problems(['Feature: a', '@sip.hops @slow', 'Rule: b', '@slow', 'Scenario: c', '* "@sip.nothing"']),
      [],
    );
  });

  test('refuses an id the catalogue does not know', () => {
    assert.deepEqual(problems(['Feature: a', '@sip.hop', 'Rule: b']), [
      'a.feature:2: @sip.hop names no rule of features/rules.yaml',
    ]);
  });

  test('refuses a Rule without an id, and one with two', () => {
    assert.deepEqual(problems(['Feature: a', 'Rule: b', '@sip.hops @sip.loop', 'Rule: c']), [
      'a.feature:2: the Rule has 0 rule-id tags, it needs one',
      'a.feature:4: the Rule has 2 rule-id tags, it needs one',
    ]);
  });

  test('refuses a scenario outside a Rule, and a rule id on a scenario or its examples', () => {
    const text = ['Feature: a', 'Scenario: b', '@sip.hops', 'Rule: c', '@sip.loop', 'Scenario Outline: d'];
    assert.deepEqual(problems([...text, '* <e>', '@sip.loop', 'Examples:', '| e |', '| f |']), [
      'a.feature:2: the scenario stands outside a Rule',
      'a.feature:5: @sip.loop belongs on a Rule, not on a scenario',
      'a.feature:8: @sip.loop belongs on a Rule, not on a scenario',
    ]);
  });
});

describe('parseRules', () => {
  const rule = 'basis: doc\n  source: a guide\n  sentence: It stops.';
  test('reads a rule, with no requirement where none is named', () => {
    assert.deepEqual(
      [...parseRules(`- id: sip.hops\n  ${rule}`, 'rules.yaml').values()],
      [{ id: 'sip.hops', basis: 'doc', source: 'a guide', sentence: 'It stops.', requires: [] }],
    );
  });

  test('names the entry and the field', () => {
    assert.match(
      refusal(`- id: sip.hops\n  ${rule}\n- id: sip.loop\n  ${rule.replace('doc', 'rumour')}`),
      /^rules\.yaml: entry 2 \(sip\.loop\): basis: /,
    );
    assert.match(
      refusal(`- id: sip.hops\n  ${rule}\n  requires: [api]`),
      /entry 1 \(sip\.hops\): requires\.0: /,
    );
    assert.match(refusal(`- id: sip.hops\n  ${rule}\n  severity: high`), /entry 1 \(sip\.hops\): .*severity/);
    assert.match(refusal(`- ${rule}`), /entry 1 \(no id\): id: /);
  });

  test('refuses ids that are there twice or ill-formed', () => {
    assert.equal(
      refusal(`- id: sip.hops\n  ${rule}\n- id: sip.hops\n  ${rule}`),
      'rules.yaml: entry 2 (sip.hops): id: is there twice',
    );
    for (const id of ['sip', 'sip.', 'sip.Hops', 'sips.hops', 'sip.a.b.c', 'sip.a-', 'sip.a_b'])
      assert.match(refusal(`- id: ${id}\n  ${rule}`), /id: is area\.name/, id);
  });

  test('refuses what is no list, and what is no YAML', () => {
    assert.equal(refusal('rules: none'), 'rules.yaml: is a list of rules, each with an id');
    assert.match(refusal('- id: [sip.hops'), /^rules\.yaml: /);
  });
});

describe('profiles', () => {
  const catalogue = loadRules();
  const idsOf = (profile: Profile): string[] => rulesOf(profile, catalogue).map((rule) => rule.id);
  const basesOf = (profile: Profile): string[] =>
    BASES.filter((basis) => rulesOf(profile, catalogue).some((rule) => rule.basis === basis));

  test('are each included in the next', () => {
    assert.deepEqual(
      idsOf('documented').filter((id) => !idsOf('interop').includes(id)),
      [],
    );
    assert.deepEqual(
      idsOf('interop').filter((id) => !idsOf('full').includes(id)),
      [],
    );
    assert.deepEqual(idsOf('full'), [...catalogue.keys()]);
  });

  test('have the bases they stand for', () => {
    assert.deepEqual(basesOf('documented'), ['doc']);
    assert.deepEqual(basesOf('interop'), ['doc', 'pub', 'rfc']);
    assert.deepEqual(idsOf('load'), ['load.rate', 'load.hold', 'load.limit']);
  });
});

describe('areaOf', () => {
  test('is the first part of the id', () => assert.equal(areaOf('sip.auth.accepted'), 'sip'));
  test('refuses an id of no area', () =>
    assert.throws(() => areaOf('toString.x'), { name: 'HarnessError', message: /toString\.x/ }));
});
