import { z } from 'zod';

import { isSuccess, type HttpAnswer } from '../clients/http.ts';
import { tokenIn } from '../clients/oauth.ts';
import { answeredWith, answerPlace, fits, headed, without } from './answers.ts';
import { matched, mismatch, type Match } from './match.ts';

const refusal = z.looseObject({ error: z.string() });
/** RFC 6749 appendix A.7 and A.8: 1*NQSCHAR. */
const NQSCHARS = /^[\x20-\x21\x23-\x5B\x5D-\x7E]+$/;
const wellFormed = z.looseObject({
  error: z.string().regex(NQSCHARS),
  error_description: z.string().regex(NQSCHARS).optional(),
});
/** RFC 6750 section 3.1. */
const BEARER_ERRORS: Readonly<Record<number, string>> = { 401: 'invalid_token', 403: 'insufficient_scope' };
const granted = z.looseObject({ access_token: z.string(), scope: z.string() });
/** RFC 6749 section 5.1; expires-in is a whole number (appendix A.14), and the documents promise it. */
const documented = z.looseObject({
  access_token: z.string().min(1),
  token_type: z.string().regex(/^bearer$/i),
  expires_in: z.number().positive().refine(Number.isInteger, 'expected whole seconds'),
});
const QUOTED = /"(?:[^"\\]|\\.)*"/g;

/**
 * The answer holds a bearer token and its lifetime as RFC 6749 section 5.1 and the documents say.
 * Rule: oauth.token.client-credentials.
 */
export function tokenAsDocumented(answer: HttpAnswer): Match {
  const typed = headed(answer, 'content-type', /^application\/json\s*(;|$)/i, 'application/json');
  return typed.ok ? fits(answer, documented, '{access_token, token_type: "bearer", expires_in}') : typed;
}

/** A token was given, in whatever form it came (rules oauth.token.forms, oauth.token.parameters). */
export function tokenGiven(answer: HttpAnswer): Match {
  if (tokenIn(answer)) return matched;
  const came = isSuccess(answer.status) ? `${answer.status} without an access_token` : String(answer.status);
  return mismatch('a success with an access_token', came, answerPlace(answer));
}

/**
 * A token request is refused as RFC 6749 section 5.2 says: JSON with this error and without a token.
 * Rules: oauth.token.bad-request, oauth.token.invalid-client, oauth.token.one-method, oauth.token.parameters.
 */
export function tokenRefused(answer: HttpAnswer, error: string): Match {
  const refused = fits(answer, refusal, `{error: "${error}"}`);
  if (!refused.ok) return refused;
  const came = refusal.parse(answer.json).error;
  return came === error
    ? without(answer, 'access_token')
    : mismatch(`{error: "${error}"}`, `{error: "${came}"}`, answerPlace(answer));
}

/**
 * No token was given: the request was refused, and nothing of the answer is a token.
 * Rules: oauth.token.one-method, oauth.token.post.
 */
export function tokenless(answer: HttpAnswer): Match {
  return answer.status >= 400 && answer.status < 500
    ? without(answer, 'access_token')
    : mismatch('a refusal (4xx)', String(answer.status), answerPlace(answer));
}

/**
 * The refusal is as RFC 6749 section 5.2 and appendix A.7, A.8 and A.9 say: JSON with an error and, if there is one, a
 * description of the characters that are allowed. Rule: oauth.token.refusal.
 */
export function refusalWellFormed(answer: HttpAnswer): Match {
  const typed = headed(answer, 'content-type', /^application\/json\s*(;|$)/i, 'application/json');
  return typed.ok
    ? fits(answer, wellFormed, '{error, error_description of characters that RFC 6749 allows}')
    : typed;
}

/**
 * The Bearer challenge of a refusal names no error, or the one that fits its status (RFC 6750 section 3.1).
 * Rule: oauth.bearer.challenge.
 */
export function bearerErrorFits(answer: HttpAnswer): Match {
  const value = answer.headers.get('www-authenticate') ?? '';
  const [, error] = /\berror="?([^",]*)/i.exec(value) ?? [];
  const wish = BEARER_ERRORS[answer.status];
  return error === undefined || error === wish
    ? matched
    : mismatch(`no error, or error="${wish}"`, `www-authenticate: ${value}`, answerPlace(answer));
}

/**
 * A scope that nobody knows is refused as RFC 6749 section 5.2 says, or the answer names what was granted instead
 * (section 3.3). Rule: oauth.token.scope.
 */
export function scopeAnswered(answer: HttpAnswer): Match {
  if (isSuccess(answer.status))
    return fits(answer, granted, '{access_token, scope}, or 400 {error: "invalid_scope"}');
  const refused = answeredWith(answer, 200, 400);
  return refused.ok ? tokenRefused(answer, 'invalid_scope') : refused;
}

/**
 * WWW-Authenticate challenges with this scheme, alone or among others (RFC 9110 section 11.6.1).
 * Rules: oauth.bearer.required, oauth.token.invalid-client.
 */
export function challenged(answer: HttpAnswer, scheme: string): Match {
  const value = answer.headers.get('www-authenticate');
  const schemes = (value ?? '').replaceAll(QUOTED, '""').split(',');
  const isThere = schemes.some((part) => new RegExp(`^\\s*${scheme}(\\s|$)`, 'i').test(part));
  const actual = value === null ? 'no www-authenticate header' : `www-authenticate: ${value}`;
  return isThere ? matched : mismatch(`www-authenticate: ${scheme} …`, actual, answerPlace(answer));
}

/** Cache-Control has no-store (RFC 6749 section 5.1, RFC 9111 section 5.2.2.5; rule oauth.token.bad-request). */
export function storingForbidden(answer: HttpAnswer): Match {
  const value = answer.headers.get('cache-control');
  const directives = (value ?? '').split(',').map((directive) => directive.trim().toLowerCase());
  if (directives.includes('no-store')) return matched;
  const actual = value === null ? 'no cache-control header' : `cache-control: ${value}`;
  return mismatch('cache-control: no-store', actual, answerPlace(answer));
}

/** None of these texts is in the answer, neither in a header nor in the body (rule oauth.bearer.account-scope). */
export function untold(answer: HttpAnswer, texts: readonly string[]): Match {
  const told = [...[...answer.headers].map(([name, value]) => `${name}: ${value}`), answer.text].join('\n');
  const found = texts.find((text) => told.includes(text));
  return found === undefined
    ? matched
    : mismatch('an answer that tells nothing', `"${found}" in it`, answerPlace(answer));
}
