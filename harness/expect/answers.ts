import { z } from 'zod';

import { applicationIdIn, applicationIn, errorsIn, exchangeInWords } from '../clients/answer_content.ts';
import { isSuccess, type HttpAnswer, type Unanswered } from '../clients/http.ts';
import { matched, mismatch, type Match } from './match.ts';

const envelopeOfSuccess = z.looseObject({
  links: z.array(z.unknown()),
  data: z.unknown().refine((data) => data !== null && data !== undefined, 'is null'),
  errors: z.array(z.unknown()).length(0, 'is not empty'),
});
const envelopeOfFailure = z.looseObject({
  links: z.array(z.unknown()),
  data: z.null(),
  errors: z
    .array(z.looseObject({ type: z.string().min(1), description: z.string().min(1) }))
    .min(1, 'is empty'),
});

/** How much of the descriptions is shown, in characters. */
const SHOWN_LENGTH = 500;

/** Where a reader finds the answer. */
export function answerPlace({ request }: HttpAnswer): string {
  return `the answer to ${request.method} ${new URL(request.url).pathname}; see the API exchange`;
}

/**
 * The status is one of these.
 * Rules: app.cidr.accepted, app.cidr.rejected, app.delete, app.disabled-settings, app.errors, app.errors.order,
 * app.patch.merge-patch, app.text, oauth.bearer.account-scope, oauth.bearer.forms, oauth.bearer.required.
 */
export function answeredWith(answer: HttpAnswer, ...statuses: readonly number[]): Match {
  return statuses.includes(answer.status)
    ? matched
    : mismatch(statuses.map(String), String(answer.status), answerPlace(answer));
}

/** The request was granted, whichever 2xx says so (every rule that changes something on its way, and is not about it). */
export function granted(answer: HttpAnswer): Match {
  return isSuccess(answer.status)
    ? matched
    : mismatch('a status of 2xx', String(answer.status), answerPlace(answer));
}

/** A deletion's 204 has no body (RFC 9110 section 15.3.5); a 200 may have one (rule app.success-status). */
export function deletedWith(answer: HttpAnswer): Match {
  const status = answeredWith(answer, 200, 204);
  if (!status.ok || answer.status === 200 || answer.text === '') return status;
  return mismatch('204 without a body, or 200', '204 with a body', answerPlace(answer));
}

/** The body shows an application (rule app.success-status). */
export function showsApplication(answer: HttpAnswer): Match {
  return applicationIn(answer)
    ? matched
    : mismatch('the application in the answer', exchangeInWords(answer), answerPlace(answer));
}

/** The answer tells the id of a new application, in its data or in Location (rule app.create). */
export function tellsId(answer: HttpAnswer): Match {
  return applicationIdIn(answer) === undefined
    ? mismatch(
        'the id of the application, in data or in Location',
        exchangeInWords(answer),
        answerPlace(answer),
      )
    : matched;
}

/** An answer came, whatever it is (rule app.odd-requests). */
export function answerCame(outcome: HttpAnswer | Unanswered): Match {
  if ('status' in outcome) return matched;
  const { request, instead } = outcome;
  return mismatch('an answer', `${request.method} ${instead}`, 'the API exchange');
}

/** The status is that of a refusal: 4xx or 5xx (rule app.odd-requests). */
export function refusedAtAll(answer: HttpAnswer): Match {
  return answer.status >= 400
    ? matched
    : mismatch('a status of 4xx or 5xx', String(answer.status), answerPlace(answer));
}

/**
 * The body is an object of links, data and errors, filled as success or failure wants it; a success about one application
 * has the application itself as data.
 * Rules: app.envelope, app.odd-requests.
 */
export function enveloped(answer: HttpAnswer): Match {
  if (answer.status >= 400)
    return fits(answer, envelopeOfFailure, '{links: […], data: null, errors: [{type, description, …}]}');
  const wish = '{links: […], data: {…}, errors: []}';
  const shape = fits(answer, envelopeOfSuccess, wish);
  if (!shape.ok) return shape;
  const isItself = isOfMany(answer) || envelopeOfSuccess.parse(answer.json).data === applicationIn(answer);
  return isItself ? matched : mismatch(wish, 'data: not the application itself', answerPlace(answer));
}

function isOfMany({ request: { method, url } }: HttpAnswer): boolean {
  return method === 'GET' && new URL(url).pathname.endsWith('/voice-applications');
}

/**
 * There is no body, or it is in the envelope; a success need not be about an application.
 * Rule: app.envelope.
 */
export function envelopedOrEmpty(answer: HttpAnswer): Match {
  if (answer.text === '') return matched;
  if (answer.status >= 400 || answer.request.method !== 'DELETE') return enveloped(answer);
  const data = z.unknown().refine((value) => value !== undefined, 'is missing');
  return fits(answer, envelopeOfSuccess.extend({ data }), '{links: […], data: …, errors: []}');
}

/**
 * The JSON body has this shape.
 * Rules: app.cidr.accepted, app.enable.ip-only, app.enable.password, oauth.token.client-credentials.
 */
export function fits(answer: HttpAnswer, schema: z.ZodType, wish: string): Match {
  if (answer.json === undefined) return mismatch(wish, 'a body that is no JSON', answerPlace(answer));
  const parsed = schema.safeParse(answer.json);
  if (parsed.success) return matched;
  const problems = parsed.error.issues.map(
    (issue) => `${issue.path.join('.') || 'the body'}: ${issue.message}`,
  );
  return mismatch(wish, problems.join('; '), answerPlace(answer));
}

/**
 * The header is there and looks like this.
 * Rules: app.errors, app.patch.media-types, oauth.token.client-credentials, oauth.token.pragma.
 */
export function headed(answer: HttpAnswer, name: string, pattern: RegExp, wish: string): Match {
  const value = answer.headers.get(name);
  return value !== null && pattern.test(value)
    ? matched
    : mismatch(
        `${name}: ${wish}`,
        value === null ? `no ${name} header` : `${name}: ${value}`,
        answerPlace(answer),
      );
}

/** An error description of the refusal matches `pattern` (rules app.cidr.rejected, app.cidr.reasons). `wish` says so in words. */
export function explained(answer: HttpAnswer, pattern: RegExp, wish: string): Match {
  const descriptions = errorsIn(answer).errors.map(({ description }) => description);
  return descriptions.some((description) => pattern.test(description))
    ? matched
    : mismatch(
        `an error that says: ${wish}`,
        descriptions.join(' | ').slice(0, SHOWN_LENGTH) || 'no error description',
        answerPlace(answer),
      );
}

/** Nowhere in the body is there a member of this name (rule app.get.no-password). */
export function without(answer: HttpAnswer, member: string): Match {
  return hasMember(answer.json, member)
    ? mismatch(`no ${member} in the body`, `${member} is there (its value is not shown)`, answerPlace(answer))
    : matched;
}

/**
 * None of these secrets is anywhere in the answer. `what` names them in words; they are not shown.
 * Rule: app.get.no-password.
 */
export function silentOn(answer: HttpAnswer, secrets: readonly string[], what: string): Match {
  const told = [answer.text, ...answer.headers.values()].join('\n');
  // As it is, or as JSON writes it.
  const isTold = (secret: string): boolean =>
    told.includes(secret) || told.includes(JSON.stringify(secret).slice(1, -1));
  return secrets.some(isTold)
    ? mismatch(`no ${what} in the answer`, `a ${what} is there (it is not shown)`, answerPlace(answer))
    : matched;
}

function hasMember(value: unknown, member: string): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return Object.hasOwn(value, member) || Object.values(value).some((inner) => hasMember(inner, member));
}
