import { isDeepStrictEqual } from 'node:util';

import { applicationIn } from '../clients/answer_content.ts';
import type { HttpAnswer } from '../clients/http.ts';
import { answerPlace } from './answers.ts';
import { matched, mismatch, type Match } from './match.ts';

/** Settings of an application by name, as the API spells them. */
export type Settings = Readonly<Record<string, unknown>>;

/** The settings that the documents name. Whatever else a target shows is its own affair. */
const PUBLISHED = [
  'applicationId',
  'applicationName',
  'callInitiatedCallbackUrl',
  'callInitiatedMethod',
  'callInitiatedFallbackUrl',
  'callInitiatedFallbackMethod',
  'callInitiatedFallbackCreds',
  'callStatusCallbackUrl',
  'callStatusMethod',
  'callbackCreds',
  'callbackTimeout',
  'sipUri',
  'inboundSipCallsEnabled',
  'passwordAuthEnabled',
  'allowedSourceIps',
  'allowedRegions',
] as const;

const UUID = '[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}';

/** Ignores the order of lists: sources and regions are sets. */
function sameValue(a: unknown, b: unknown): boolean {
  return isDeepStrictEqual(ordered(a), ordered(b));
}

function ordered(value: unknown): unknown {
  return Array.isArray(value) ? value.map((entry) => JSON.stringify(entry)).toSorted() : value;
}

function shown(settings: Settings, names: readonly string[]): string {
  return names
    .map((name) => `${name} ${Object.hasOwn(settings, name) ? JSON.stringify(settings[name]) : 'is missing'}`)
    .join(', ');
}

/**
 * The answer's application has these settings; lists in any order.
 * Rules: app.cidr.limit, app.disable.clears, app.enable.layered, app.get.settings, app.password-off.
 */
export function showsSettings(answer: HttpAnswer, wanted: Settings): Match {
  const settings = applicationIn(answer);
  if (!settings) {
    return mismatch(shown(wanted, Object.keys(wanted)), 'no application in data', answerPlace(answer));
  }
  const wrong = Object.keys(wanted).filter(
    (name) => !Object.hasOwn(settings, name) || !sameValue(settings[name], wanted[name]),
  );
  return wrong.length === 0
    ? matched
    : mismatch(shown(wanted, wrong), shown(settings, wrong), answerPlace(answer));
}

/**
 * The answer's application has a text of this form under this name. `wish` says so in words; the text may be secret and is
 * not shown.
 * Rules: app.enable.ip-only, app.enable.password, app.get.settings.
 */
export function hasText(answer: HttpAnswer, name: string, form: RegExp, wish: string): Match {
  const settings = applicationIn(answer);
  const value = settings?.[name];
  if (typeof value === 'string' && form.test(value)) return matched;
  const came = settings ? `data.${name} is ${kindOf(value)}` : 'no application in data';
  return mismatch(`data.${name} with ${wish}`, came, answerPlace(answer));
}

function kindOf(value: unknown): string {
  if (value === undefined) return 'missing';
  if (value === null) return 'null';
  return typeof value === 'string' ? 'another text' : `a ${typeof value}`;
}

/**
 * No documented setting differs between two readings, except those in `except`.
 * Rules: app.enable.needs-auth-mode, app.last-mechanism, app.patch.atomic, app.regions.only, app.rotate.keeps-rest,
 * app.source-ips.replaced-whole.
 */
export function keptSettings(before: HttpAnswer, after: HttpAnswer, except: readonly string[] = []): Match {
  const [former, present] = [applicationIn(before), applicationIn(after)];
  const wish = `${except.length > 0 ? `everything but ${except.join(', ')}` : 'everything'} as it was`;
  if (!former) return mismatch(wish, 'no application in data', answerPlace(before));
  if (!present) return mismatch(wish, 'no application in data', answerPlace(after));
  const changed = PUBLISHED.filter(
    (name) => !except.includes(name) && !sameValue(former[name], present[name]),
  );
  if (changed.length === 0) return matched;
  const change = `${shown(former, changed)}; now ${shown(present, changed)}`;
  return mismatch(wish, change, answerPlace(after));
}

/**
 * The answer's sipUri is "sip:", a UUID (RFC 9562 section 4), "@" and the SIP domain.
 * Rules: app.reenable.fresh, app.uri.format.
 */
export function hasSipUri(answer: HttpAnswer, domain: string): Match {
  const wish = `data.sipUri sip:<UUID>@${domain}`;
  const sipUri = applicationIn(answer)?.['sipUri'];
  if (typeof sipUri !== 'string')
    return mismatch(wish, JSON.stringify(sipUri) ?? 'none', answerPlace(answer));
  const [user = '', host = '', ...more] = sipUri.replace(/^sip:/, '').split('@');
  const fits =
    sipUri.startsWith('sip:') &&
    more.length === 0 &&
    new RegExp(`^${UUID}$`, 'i').test(user) &&
    host.toLowerCase() === domain.toLowerCase();
  return fits ? matched : mismatch(wish, sipUri, answerPlace(answer));
}

const GIVEN = 'the answers that gave them; see the API exchange';

/**
 * No value was given twice. `what` names the thing; the values may be secret and are not shown.
 * Rules: app.reenable.fresh, app.rotate.new-password.
 */
export function allDifferent(values: readonly (string | undefined)[], what: string): Match {
  const given = values.filter((value) => value !== undefined);
  const wish = `${values.length} different ${what}s`;
  if (given.length < values.length) return mismatch(wish, `${given.length} of them given`, GIVEN);
  const different = new Set(given).size;
  return different === given.length ? matched : mismatch(wish, `only ${different} different`, GIVEN);
}
