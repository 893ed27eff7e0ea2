import { isDeepStrictEqual } from 'node:util';

import { applicationIn, type Members } from '../clients/answer_content.ts';
import { userPart } from '../clients/application.ts';
import { isSuccess, type HttpAnswer } from '../clients/http.ts';
import type { Expectation } from '../model/decision.ts';
import type { GrantedPatch } from '../model/patch.ts';
import type { PatchTableRow } from '../model/patch_rows.ts';
import type { Attempt } from '../traffic/attempt.ts';
import { outcomeOf } from './decisions.ts';
import { matched, mismatch, type Match } from './match.ts';
import { keptSettings } from './settings.ts';

/** More rows than these are counted, and not told one by one. */
const MOST_TOLD = 5;
const REFUSED = 'a refusal with 400, and nothing changes';

/** A PATCH that was sent, and the application around it. */
export interface TriedPatch {
  readonly row: PatchTableRow;
  /** The application as it was read before. */
  readonly before: HttpAnswer;
  readonly answer: HttpAnswer;
  /** The application as it was read afterwards. */
  readonly after: HttpAnswer;
  /** The user part of the SIP URI that it had last; undefined where it never had one. */
  readonly lastUser: string | undefined;
  /** Every password that it had. */
  readonly passwords: readonly string[];
  /** The name that the PATCH gives it, or the one it had. */
  readonly applicationName: string;
}

/** Whether what became of a PATCH is allowed by the documents, and what deviates. */
export function patchOutcome(tried: TriedPatch): Match {
  const { row, before, answer, after } = tried;
  const acceptable = [...(row.mayBeRefused ? [REFUSED] : []), ...(row.granted ? [wished(row.granted)] : [])];
  if (answer.status === 400 && row.mayBeRefused) {
    const same = keptSettings(before, after);
    return same.ok ? matched : mismatch(acceptable, `400, and then ${same.actual}`);
  }
  if (!isSuccess(answer.status) || !row.granted) return mismatch(acceptable, String(answer.status));
  const flaws = grantedFlaws(row.granted, tried);
  return flaws.length === 0 ? matched : mismatch(acceptable, flaws.join(', '));
}

/**
 * Every row of the table of PATCH came out as the documents say.
 * Rules: those that decide rows of the table (harness/model/patch.ts).
 */
export function patchedAsDocumented(
  all: readonly TriedPatch[],
  again: (row: PatchTableRow) => string,
): Match {
  const odd = all.flatMap((tried) => {
    const match = patchOutcome(tried);
    return match.ok ? [] : [{ ...match, row: tried.row }];
  });
  const [first] = odd;
  if (!first) return matched;
  return mismatch(
    first.acceptable,
    `in ${odd.length} of ${all.length} rows: ${toldOf(odd)}`,
    `the table of the rows, attached; the first one again: ${again(first.row)}`,
  );
}

/** A PATCH that came out as documented, and what became of an INVITE to the application afterwards. */
export interface CalledPatch {
  readonly row: PatchTableRow;
  readonly expected: Expectation;
  readonly attempt: Attempt;
}

/**
 * Each INVITE was decided by what the PATCH before it has left.
 * Rules: those that decide an INVITE without credentials (harness/model/patch_consequence.ts).
 */
export function calledAsDocumented(all: readonly CalledPatch[]): Match {
  const odd = all.flatMap(({ row, expected: { acceptable }, attempt }) => {
    const actual = outcomeOf(attempt);
    const allowed: readonly string[] = acceptable;
    return allowed.includes(actual) ? [] : [{ row, actual, acceptable }];
  });
  const [first] = odd;
  if (!first) return matched;
  const actual = `after ${odd.length} of ${all.length} PATCHes: ${toldOf(odd)}`;
  return mismatch(first.acceptable, actual, 'the INVITEs and their answers, attached');
}

function toldOf(
  odd: readonly {
    readonly row: PatchTableRow;
    readonly actual: string;
    readonly acceptable: readonly string[];
  }[],
): string {
  const told = odd
    .slice(0, MOST_TOLD)
    .map(({ row, actual, acceptable }) => `${actual} (${row.name}: ${acceptable.join(' or ')})`);
  const more = odd.length > MOST_TOLD ? [`and ${odd.length - MOST_TOLD} more`] : [];
  return [...told, ...more].join('; ');
}

function wished({ isOn, hasPassword, sources, regions, uri, tellsPassword }: GrantedPatch): string {
  const parts = [
    `inboundSipCallsEnabled ${isOn}`,
    `passwordAuthEnabled ${hasPassword}`,
    `allowedSourceIps ${listed(sources)}`,
    `allowedRegions ${listed(regions)}`,
    uri === 'none' ? 'no SIP URI' : `the ${uri} SIP URI`,
    tellsPassword ? 'a new password' : 'no password told',
  ];
  return `success, and then ${parts.join(', ')}`;
}

function grantedFlaws(granted: GrantedPatch, tried: TriedPatch): string[] {
  const shown = applicationIn(tried.after) ?? {};
  const { isOn, hasPassword, sources, regions } = granted;
  const wanted: readonly (readonly [string, unknown])[] = [
    ['inboundSipCallsEnabled', isOn],
    ['passwordAuthEnabled', hasPassword],
    ['allowedSourceIps', [...sources].toSorted()],
    ['allowedRegions', [...regions].toSorted()],
    ['applicationName', tried.applicationName],
  ];
  const settings = wanted
    .filter(([name, value]) => !isDeepStrictEqual(sorted(shown[name]), value))
    .map(([name]) => `${name} ${JSON.stringify(shown[name])}`);
  return [...settings, ...uriFlaws(granted, shown, tried), ...passwordFlaws(granted, tried)];
}

function uriFlaws({ uri }: GrantedPatch, { sipUri }: Members, { lastUser }: TriedPatch): string[] {
  if (uri === 'none') return sipUri === null ? [] : ['a SIP URI'];
  const user = userPart(sipUri);
  if (user === undefined) return ['no SIP URI'];
  if (uri === 'same') return user === lastUser ? [] : ['another SIP URI'];
  return user === lastUser ? ['the former SIP URI'] : [];
}

/** A password is a secret: it is compared, and never told. */
function passwordFlaws({ tellsPassword }: GrantedPatch, { answer, passwords }: TriedPatch): string[] {
  const told = applicationIn(answer)?.['sipAuthPassword'];
  if (!tellsPassword) return told === undefined || told === null ? [] : ['a password'];
  if (typeof told !== 'string' || told === '') return ['no password told'];
  return passwords.includes(told) ? ['a former password'] : [];
}

function sorted(value: unknown): unknown {
  return Array.isArray(value) ? value.map(String).toSorted() : value;
}

function listed(entries: readonly string[]): string {
  return `[${entries.join(', ')}]`;
}
