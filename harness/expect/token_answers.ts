import { z } from 'zod';

import { isSuccess, type HttpAnswer } from '../clients/http.ts';
import { tokenIn } from '../clients/oauth.ts';
import { answeredWith, answerPlace, fits, headed, without } from './answers.ts';
import { matched, mismatch, type Match } from './match.ts';

const refusal = z.looseObject({ error: z.string() });
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

/** A token was given, in whatever form it came (rule oauth.token.parameters). */
export function tokenGiven(answer: HttpAnswer): Match {
  if (tokenIn(answer)) return matched;
  const came = isSuccess(answer.status) ? `${answer.status} without an access_token` : String(answer.status);
  return mismatch('a success with an access_token', came, answerPlace(answer));
}

/**
 * A token request is refused as RFC 6749 section 5.2 says: JSON with this error and without a token.
 * Rules: oauth.token.bad-request, oauth.token.invalid-client, oauth.token.parameters.
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
