import type { Fault } from '../fault.ts';
import { PATCH_CONDITIONS, type PatchCondition } from './patch_conditions.ts';
import { patchHole, type PatchHole } from './patch_holes.ts';

/** Something that is looked at in a PATCH. */
interface Question extends PatchHole {
  /** What is not looked at, for the sentence of a fault. */
  readonly what: string;
  /** The rules that ask for it, the nearest one first. */
  readonly rules: readonly [string, ...string[]];
  /** Conditions under which nobody can tell whether it is looked at, with the reason. */
  readonly unseen: Readonly<Record<string, string>>;
}

const ATOMIC = 'app.patch.atomic';
/** Those of a merge patch, whatever it asks for. */
const OF_MERGE_PATCHES = ['app.patch.merge-patch'] as const;

function never(reason: string, ...conditions: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(conditions.map((condition) => [condition, reason]));
}

const NO_ENTRY = never('it is no entry of a list', 'first-entry', 'inner-entry', 'last-entry');
const NO_LIST = {
  ...NO_ENTRY,
  ...never('it is no list', 'one-entry', 'two-entries', 'more-entries', 'full-list'),
};
const OF_SOURCES = {
  ...never('it is that field', 'with-sources'),
  ...never('what is listed is refused then, whatever it is', 'with-disabled'),
};
const OF_REGIONS = {
  ...never('it is that field', 'with-regions'),
  ...never('what is listed is refused then, whatever it is', 'with-disabled'),
  ...never('no number of regions means anything', 'full-list'),
};
const OF_PASSWORD = { ...NO_LIST, ...never('it is that field', 'with-password', 'with-password-off') };
const OF_ENABLED = { ...NO_LIST, ...never('it is that field', 'with-enabled', 'with-disabled') };
const WHILE_ON = never('it is on already', 'had-password', 'had-list', 'had-both', 'first-patch');
const WHILE_OFF = never('it is off already', 'was-off', 'was-off-again', 'first-patch');

/** Checks of values, each by its name. */
const VALUES: Readonly<Record<string, Question>> = {
  'settings-while-off': {
    what: 'whether inbound SIP is off where a PATCH sets it up',
    fields: ['passwordAuthEnabled', 'allowedSourceIps', 'allowedRegions'],
    checks: ['settings-while-off'],
    rules: ['app.disabled-settings', ATOMIC],
    unseen: { ...NO_ENTRY, ...never('it is on then', 'with-enabled') },
  },
  'source-count': {
    what: 'how many sources are listed',
    fields: ['allowedSourceIps'],
    checks: ['source-count'],
    rules: ['app.cidr.limit'],
    unseen: {
      ...OF_SOURCES,
      ...NO_ENTRY,
      ...never('so few are taken', 'one-entry', 'two-entries', 'full-list'),
    },
  },
  'source-twice': {
    what: 'whether a source is listed twice',
    fields: ['allowedSourceIps'],
    checks: ['source-twice'],
    rules: ['app.cidr.malformed'],
    unseen: { ...OF_SOURCES, ...never('nothing is there twice yet', 'one-entry', 'first-entry') },
  },
  'source-form': {
    what: 'whether a source is a canonical IPv4 prefix',
    fields: ['allowedSourceIps'],
    checks: ['source-form'],
    rules: ['app.cidr.malformed', 'app.cidr.rejected'],
    unseen: OF_SOURCES,
  },
  'source-public': {
    what: 'whether a source is public',
    fields: ['allowedSourceIps'],
    checks: ['source-public'],
    rules: ['app.cidr.non-public', 'app.cidr.rejected'],
    unseen: OF_SOURCES,
  },
  'region-known': {
    what: 'whether a region is known',
    fields: ['allowedRegions'],
    checks: ['region-known'],
    rules: ['app.regions.unknown'],
    unseen: OF_REGIONS,
  },
  'region-twice': {
    what: 'whether a region is listed twice',
    fields: ['allowedRegions'],
    checks: ['region-twice'],
    rules: ['app.regions.unknown'],
    unseen: { ...OF_REGIONS, ...never('nothing is there twice yet', 'one-entry', 'first-entry') },
  },
  mechanism: {
    what: 'whether a way to authenticate is left',
    fields: ['passwordAuthEnabled', 'allowedSourceIps'],
    checks: ['mechanism'],
    rules: ['app.last-mechanism', 'app.enable.needs-auth-mode', 'app.password-off'],
    unseen: {
      ...NO_LIST,
      ...never('it is off then', 'with-disabled'),
      ...never('there is one then', 'with-password'),
    },
  },
  'callback-url': {
    what: 'whether a callback URL leads into a private network',
    fields: ['callInitiatedCallbackUrl', 'callInitiatedFallbackUrl', 'callStatusCallbackUrl'],
    checks: ['callback-url'],
    rules: ['hard.callback-url'],
    unseen: NO_LIST,
  },
};

/** Forms that a body has to have, each by its name. */
const FORMS: Readonly<Record<string, Question>> = {
  'flag-type': {
    what: 'whether a flag is a boolean',
    fields: ['inboundSipCallsEnabled', 'passwordAuthEnabled'],
    without: withoutField((value) => typeof value !== 'boolean'),
    rules: ['app.errors'],
    unseen: NO_LIST,
  },
  'list-type': {
    what: 'whether a list is a list',
    fields: ['allowedSourceIps', 'allowedRegions'],
    without: withoutField((value) => !Array.isArray(value)),
    rules: ['app.errors'],
    unseen: NO_LIST,
  },
  'entry-type': {
    what: 'whether an entry of a list is a text',
    fields: ['allowedSourceIps', 'allowedRegions'],
    without: withoutEntries((value) => typeof value !== 'string'),
    rules: ['app.errors', 'app.cidr.malformed'],
    unseen: never('one wrong type is as wrong as another', 'full-list'),
  },
  'field-known': {
    what: 'whether a field is known',
    fields: ['sipAuthPassword', 'anything'],
    without: withoutField(() => true),
    rules: ['app.unknown-fields'],
    unseen: NO_LIST,
  },
};

/** What a PATCH asks for, each by its name. */
const WISHES: Readonly<Record<string, Question>> = {
  rotation: {
    what: 'that a new password is asked for',
    fields: ['passwordAuthEnabled'],
    without: withoutField((value) => value === true),
    rules: [
      'app.rotate.keeps-rest',
      'app.rotate.new-password',
      'app.enable.layered',
      'app.enable.password',
      'app.reenable.fresh',
    ],
    unseen: { ...OF_PASSWORD, ...never('it is refused then', 'with-disabled') },
  },
  'password-off': {
    what: 'that the password is turned off',
    fields: ['passwordAuthEnabled'],
    without: withoutField((value) => value === false),
    rules: ['app.password-off', 'app.last-mechanism'],
    unseen: {
      ...OF_PASSWORD,
      ...never('there is none', 'was-off', 'was-off-again', 'had-list', 'first-patch'),
      ...never('it goes anyway', 'with-disabled'),
    },
  },
  sources: {
    what: 'that sources are listed',
    fields: ['allowedSourceIps'],
    without: withoutField(Array.isArray),
    rules: ['app.source-ips.replaced-whole', 'app.enable.ip-only', 'app.enable.layered', ATOMIC],
    unseen: { ...OF_SOURCES, ...NO_ENTRY },
  },
  regions: {
    what: 'that regions are listed',
    fields: ['allowedRegions'],
    without: withoutField(Array.isArray),
    rules: ['app.regions.only', 'app.enable.password', 'app.rotate.keeps-rest', ATOMIC],
    unseen: {
      ...OF_REGIONS,
      ...NO_ENTRY,
      ...never('more than two regions are not known in the lab', 'more-entries'),
    },
  },
  enabling: {
    what: 'that inbound SIP is turned on',
    fields: ['inboundSipCallsEnabled'],
    without: withoutField((value) => value === true),
    rules: ['app.enable.password', 'app.enable.ip-only', 'app.enable.layered', 'app.reenable.fresh'],
    unseen: {
      ...OF_ENABLED,
      ...WHILE_ON,
      'only-field': 'it is refused then',
      'sent-again': 'it is on since then, or is refused again',
    },
  },
  disabling: {
    what: 'that inbound SIP is turned off',
    fields: ['inboundSipCallsEnabled'],
    without: withoutField((value) => value === false),
    rules: ['app.disable.clears', ATOMIC],
    unseen: { ...OF_ENABLED, ...WHILE_OFF },
  },
  name: {
    what: 'that the application is renamed',
    fields: ['applicationName'],
    without: withoutField((value) => typeof value === 'string'),
    rules: [
      'app.get.settings',
      'app.rotate.keeps-rest',
      'app.enable.password',
      'app.disable.clears',
      'app.password-off',
      'app.source-ips.replaced-whole',
    ],
    unseen: {
      ...NO_LIST,
      ...never('it is that field', 'with-name'),
      'sent-again': 'it has that name since then',
    },
  },
};

/** Drops the fields whose value is so. */
function withoutField(isSo: (value: unknown) => boolean): NonNullable<Question['without']> {
  return (body, isOpen, fields) =>
    Object.fromEntries(
      Object.entries(body).filter(([name, value]) => !(fields.includes(name) && isSo(value) && isOpen())),
    );
}

/** Drops the entries that are so. */
function withoutEntries(isSo: (value: unknown) => boolean): NonNullable<Question['without']> {
  return (body, isOpen, fields) =>
    Object.fromEntries(
      Object.entries(body).map(([name, value]) => [
        name,
        fields.includes(name) && Array.isArray(value)
          ? value.filter((entry, index) => !(isSo(entry) && isOpen(index)))
          : value,
      ]),
    );
}

/** Everything that is looked at is left out under every condition under which an observer can tell. */
export function conditionalPatchFaults(): readonly Fault[] {
  return Object.entries({ ...VALUES, ...FORMS, ...WISHES }).flatMap(([name, question]) =>
    Object.entries(PATCH_CONDITIONS)
      .filter(([condition]) => !Object.hasOwn(question.unseen, condition))
      .map(([condition, when]) => conditional(name, question, condition, when)),
  );
}

function conditional(
  name: string,
  question: Question,
  condition: string,
  { sentence, holds }: PatchCondition,
): Fault {
  const [rule, ...foundBy] = condition === 'as-merge-patch' ? OF_MERGE_PATCHES : question.rules;
  return {
    id: `${name}-overlooked-${condition}`,
    rule,
    foundBy,
    sentence: `A PATCH is read without looking at ${question.what} if ${sentence}.`,
    override: patchHole(question, holds),
  };
}
