import { errorsIn, type RefusalError } from '../clients/answer_content.ts';
import type { HttpAnswer } from '../clients/http.ts';
import { answerPlace } from './answers.ts';
import { matched, mismatch, type Match } from './match.ts';

/** How much of a description is shown, in characters: a body without errors is one, however long it is. */
const SHOWN_LENGTH = 500;

/** Where the error says that its field is; undefined where it does not. */
function placeOf({ field, reference, parameter }: RefusalError['source']): string | undefined {
  return [field, reference, parameter].find((place) => typeof place === 'string');
}

/** A field of the body, or an entry of a list: `allowedSourceIps[3]`. */
interface FieldPlace {
  readonly field: string;
  readonly index: string | undefined;
}

function fieldPlace(text: string): FieldPlace {
  const [, field = text, index] = /^(.*)\[(\d+)\]$/.exec(text) ?? [];
  return { field, index };
}

/** Whether the error is about this field, and this entry of it, in any notation: `a[3]`, `/a/3`, "index 3 of a". */
function isAbout({ source, description }: RefusalError, { field, index }: FieldPlace): boolean {
  const place = placeOf(source);
  if (!new RegExp(`(?<![\\w-])${field}(?![\\w-])`).test(place ?? description)) return false;
  if (index === undefined) return true;
  const entry = new RegExp(
    `${field}[^A-Za-z0-9\\s:]{1,3}${index}(?!\\d)|\\bindex\\W{0,3}${index}(?!\\d)`,
    'i',
  );
  return entry.test(`${place ?? ''} ${description}`);
}

function told({ source, description }: RefusalError): string {
  const place = placeOf(source);
  const text = description.slice(0, SHOWN_LENGTH);
  return place === undefined || text.startsWith(place) ? text : `${place}: ${text}`;
}

/**
 * Exactly one error is about each of the fields (`allowedSourceIps`, `allowedSourceIps[3]`).
 * Rules: app.cidr.limit, app.cidr.malformed, app.cidr.non-public, app.create, app.disabled-settings, app.errors,
 * app.unknown-fields, app.regions.unknown, app.text,
 * hard.callback-url.
 */
export function errorsAbout(answer: HttpAnswer, fields: readonly string[]): Match {
  const wish = `one error about ${fields.join(', one about ')}`;
  const { errors } = errorsIn(answer);
  const came = errors.map(told).join(' | ') || 'no error';
  const good = fields.every(
    (field) => errors.filter((error) => isAbout(error, fieldPlace(field))).length === 1,
  );
  return good ? matched : mismatch(wish, came, answerPlace(answer));
}

/**
 * There are as many errors as fields, one about each of them; one text may tell them all where there is no list.
 * Rules: app.cidr.malformed, app.errors.
 */
export function oneErrorEach(answer: HttpAnswer, fields: readonly string[]): Match {
  const about = errorsAbout(answer, fields);
  if (!about.ok) return about;
  const { errors, isList } = errorsIn(answer);
  return !isList || errors.length === fields.length
    ? matched
    : mismatch(
        `${fields.length} errors, one for each of ${fields.join(', ')}`,
        `${errors.length}: ${errors.map(told).join(' | ')}`,
        answerPlace(answer),
      );
}
