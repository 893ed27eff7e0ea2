import { isDeepStrictEqual } from 'node:util';

import type { VoiceApplication } from '../../impl/store/model/voice_application.ts';

/** A PATCH as it was sent, and what it comes upon. */
export interface SentPatch {
  readonly current: VoiceApplication;
  /** Its fields in the order in which they were sent. */
  readonly body: Readonly<Record<string, unknown>>;
  readonly mediaType: string;
  /** Whether inbound SIP was on at an earlier PATCH. */
  readonly wasOnBefore: boolean;
  /** The bodies of the PATCHes that the application got before, the last one last. */
  readonly earlier: readonly unknown[];
  /** Whether another application got the same body before. */
  readonly isSentElsewhere: boolean;
}

/** What is looked at: fields, and one entry where it is about entries of a list. */
export interface LookedAt {
  readonly fields: readonly string[];
  readonly index: number | undefined;
}

/** Something that is so with some PATCHes and not with others. */
export interface PatchCondition {
  /** Ends a sentence that begins with "if". */
  readonly sentence: string;
  readonly holds: (sent: SentPatch, lookedAt: LookedAt) => boolean;
}

/** The conditions under which a check of a PATCH may have a hole, by name. */
export const PATCH_CONDITIONS: Readonly<Record<string, PatchCondition>> = {
  'first-field': { sentence: 'it is the first field', holds: (...asked) => placeOf(...asked) === 0 },
  'second-field': { sentence: 'it is the second field', holds: (...asked) => placeOf(...asked) === 1 },
  'third-field': { sentence: 'another field or two come first', holds: (...asked) => placeOf(...asked) > 1 },
  'only-field': {
    sentence: 'there is no other field',
    holds: ({ body }, { fields }) => Object.keys(body).every((name) => fields.includes(name)),
  },
  'with-name': withField('applicationName', 'the PATCH renames the application'),
  'with-enabled': withField('inboundSipCallsEnabled', 'the PATCH says that inbound SIP is on', true),
  'with-disabled': withField('inboundSipCallsEnabled', 'the PATCH says that inbound SIP is off', false),
  'with-password': withField('passwordAuthEnabled', 'the PATCH asks for a new password', true),
  'with-password-off': withField('passwordAuthEnabled', 'the PATCH turns the password off', false),
  'with-sources': withField('allowedSourceIps', 'the PATCH lists sources'),
  'with-regions': withField('allowedRegions', 'the PATCH lists regions'),
  'one-entry': ofLength('the list has one entry', (length) => length === 1),
  'two-entries': ofLength('the list has two entries', (length) => length === 2),
  'more-entries': ofLength('the list has more than two entries', (length) => length > 2),
  'full-list': ofLength('the list has 25 entries', (length) => length === 25),
  'first-entry': { sentence: 'it is the first entry', holds: (_, { index }) => index === 0 },
  'inner-entry': {
    sentence: 'it is an entry between others',
    holds: (sent, lookedAt) =>
      lookedAt.index !== undefined && lookedAt.index > 0 && lookedAt.index < lengthIn(sent, lookedAt) - 1,
  },
  'last-entry': {
    sentence: 'it is the last entry',
    holds: (sent, lookedAt) =>
      lookedAt.index !== undefined && lookedAt.index === lengthIn(sent, lookedAt) - 1,
  },
  'was-off': {
    sentence: 'inbound SIP was never on',
    holds: ({ current, wasOnBefore }) => current.inbound === null && !wasOnBefore,
  },
  'was-off-again': {
    sentence: 'inbound SIP was on once and is off',
    holds: ({ current, wasOnBefore }) => current.inbound === null && wasOnBefore,
  },
  'had-password': { sentence: 'the application has a password alone', holds: had(true, false) },
  'had-list': { sentence: 'the application has a list of sources alone', holds: had(false, true) },
  'had-both': { sentence: 'the application has a password and a list of sources', holds: had(true, true) },
  'as-json': {
    sentence: 'the PATCH is application/json',
    holds: ({ mediaType }) => mediaType.startsWith('application/json'),
  },
  'as-merge-patch': {
    sentence: 'the PATCH is application/merge-patch+json',
    holds: ({ mediaType }) => mediaType.startsWith('application/merge-patch+json'),
  },
  'first-patch': {
    sentence: 'it is the first PATCH of the application',
    holds: ({ earlier }) => earlier.length === 0,
  },
  'later-patch': {
    sentence: 'it is not the first PATCH of the application',
    holds: ({ earlier }) => earlier.length > 0,
  },
  'sent-again': {
    sentence: 'the application got the same PATCH just before',
    holds: ({ body, earlier }) => isDeepStrictEqual(earlier.at(-1), body),
  },
  'sent-elsewhere': {
    sentence: 'another application got the same PATCH before',
    holds: ({ isSentElsewhere }) => isSentElsewhere,
  },
};

/** Where the first of the fields stands in the PATCH; -1 where none of them does. */
function placeOf({ body }: SentPatch, { fields }: LookedAt): number {
  return Object.keys(body).findIndex((name) => fields.includes(name));
}

function withField(field: string, sentence: string, value?: unknown): PatchCondition {
  return {
    sentence,
    holds: ({ body }) => (value === undefined ? Object.hasOwn(body, field) : body[field] === value),
  };
}

function lengthIn({ body }: SentPatch, { fields }: LookedAt): number {
  const list = fields.map((field) => body[field]).find((value) => Array.isArray(value));
  return list?.length ?? 0;
}

function ofLength(sentence: string, fits: (length: number) => boolean): PatchCondition {
  return { sentence, holds: (sent, lookedAt) => fits(lengthIn(sent, lookedAt)) };
}

function had(password: boolean, list: boolean): PatchCondition['holds'] {
  return ({ current: { inbound } }) =>
    inbound !== null &&
    (inbound.credential !== null) === password &&
    inbound.allowedSources.length > 0 === list;
}
