import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import { parseDocument } from 'yaml';
import { z } from 'zod';

import { HarnessError } from './verdict.ts';

/** Where a rule comes from; `features/rules.yaml` says what each means. */
export const BASES = ['doc', 'pub', 'rfc', 'ours'] as const;
export type Basis = (typeof BASES)[number];

/** What a rule may ask of a target beyond the management API and the signaling port, which every target has. */
export const RULE_CAPABILITIES = [
  'downstream-sip',
  'dns',
  'media',
  'registrar',
  'call-flow',
  'tcp',
  'vantage-points',
  'dashboard',
  'other-account',
] as const;
export type RuleCapability = (typeof RULE_CAPABILITIES)[number];

/** The areas: the first part of a rule's id, with the title reports show. In the order of the reports. */
export const AREAS = {
  oauth: 'OAuth 2.0',
  app: 'Voice Application management',
  sip: 'Signaling',
  dns: 'DNS',
  media: 'Media',
  registrar: 'Registrar',
  flow: 'Call flow',
  hard: 'Hardening',
  load: 'Load',
} as const;
export type Area = keyof typeof AREAS;

/**
 * What a run is judged against. `interop` includes `documented`, `full` includes `interop`. `load` is the load rules
 * alone, which `full` includes too.
 */
export const PROFILES = ['documented', 'interop', 'full', 'load'] as const;
export type Profile = (typeof PROFILES)[number];

const PROFILE_BASES: Record<Profile, ReadonlySet<Basis>> = {
  documented: new Set(['doc']),
  interop: new Set(['doc', 'pub', 'rfc']),
  full: new Set(BASES),
  load: new Set(BASES),
};

/** One rule of the catalogue. */
export interface Rule {
  /** `area.name` or `area.group.name`; the tag in a feature is `@` and this. */
  readonly id: string;
  readonly basis: Basis;
  /** Where to look it up. */
  readonly source: string;
  /** What an outside observer can check, one sentence. */
  readonly sentence: string;
  /** What the target must grant beyond the management API and the signaling port. */
  readonly requires: readonly RuleCapability[];
}

/** The rules in the order of the file; the keys are their ids. */
export type RuleCatalogue = ReadonlyMap<string, Rule>;

const RULE_ID = new RegExp(`^(${Object.keys(AREAS).join('|')})(\\.[a-z0-9]+(-[a-z0-9]+)*){1,2}$`);
const AREA_TAG = new RegExp(`^@(${Object.keys(AREAS).join('|')})\\.`);

const ruleSchema = z.strictObject({
  id: z
    .string()
    .regex(
      RULE_ID,
      `is area.name or area.group.name in lower case, with an area of ${Object.keys(AREAS).join(', ')}`,
    ),
  basis: z.enum(BASES),
  source: z.string().min(1),
  sentence: z.string().regex(/^\S.*\.$/, 'is one sentence that ends in a full stop'),
  requires: z
    .array(z.enum(RULE_CAPABILITIES))
    .refine((named) => new Set(named).size === named.length, 'names a capability twice')
    .default([]),
});

const CATALOGUE_PATH = fileURLToPath(new URL('../features/rules.yaml', import.meta.url));

/**
 * The catalogue in a YAML text.
 *
 * @param file the name messages give to the text
 * @throws HarnessError naming the file and each wrong entry: no list, a bad field, an id given twice
 */
export function parseRules(text: string, file: string): RuleCatalogue {
  const document = parseDocument(text);
  const syntax = document.errors[0];
  if (syntax !== undefined) throw new HarnessError(`${file}: ${syntax.message}`);
  const list = z.array(z.unknown()).safeParse(document.toJS());
  if (!list.success) throw new HarnessError(`${file}: is a list of rules, each with an id`);
  const rules = new Map<string, Rule>();
  const problems: string[] = [];
  for (const [index, entry] of list.data.entries()) {
    const parsed = ruleSchema.safeParse(entry);
    const place = `${file}: entry ${index + 1} (${nameOf(entry)})`;
    if (!parsed.success) {
      for (const issue of parsed.error.issues)
        problems.push(`${place}: ${issue.path.join('.') || 'entry'}: ${issue.message}`);
    } else if (rules.has(parsed.data.id)) {
      problems.push(`${place}: id: is there twice`);
    } else {
      rules.set(parsed.data.id, parsed.data);
    }
  }
  if (problems.length > 0) throw new HarnessError(problems.join('\n'));
  return rules;
}

function nameOf(entry: unknown): string {
  const named = z.looseObject({ id: z.string() }).safeParse(entry);
  return named.success ? named.data.id : 'no id';
}

/** Read once a thread: reading takes longer than many a scenario. */
let loaded: RuleCatalogue | undefined;

/**
 * The catalogue of this suite, `features/rules.yaml`.
 *
 * @throws HarnessError where the file cannot be read or an entry is wrong
 */
export function loadRules(): RuleCatalogue {
  loaded ??= readRules();
  return loaded;
}

function readRules(): RuleCatalogue {
  let text: string;
  try {
    text = readFileSync(CATALOGUE_PATH, 'utf8');
  } catch (error) {
    throw new HarnessError('features/rules.yaml: cannot be read', { cause: error });
  }
  return parseRules(text, 'features/rules.yaml');
}

/**
 * The area of a rule id.
 *
 * @throws HarnessError for an id of no area
 */
export function areaOf(id: string): Area {
  const area = id.slice(0, id.indexOf('.'));
  if (!isArea(area)) throw new HarnessError(`${id}: no area of that name`);
  return area;
}

function isArea(name: string): name is Area {
  return Object.hasOwn(AREAS, name);
}

/** Whether a tag looks like a rule id: `@`, an area and a dot. The catalogue may still lack that rule. */
export function isRuleTag(tag: string): boolean {
  return AREA_TAG.test(tag);
}

/** The rules a profile judges, in the order of the catalogue. */
export function rulesOf(profile: Profile, catalogue: RuleCatalogue): readonly Rule[] {
  const bases = PROFILE_BASES[profile];
  return [...catalogue.values()].filter(
    (rule) => bases.has(rule.basis) && (profile !== 'load' || areaOf(rule.id) === 'load'),
  );
}
