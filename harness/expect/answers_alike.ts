import type { HttpAnswer } from '../clients/http.ts';
import { answerPlace } from './answers.ts';
import { tellingFacet, type Facets } from './facets.ts';
import { matched, mismatch, type Match } from './match.ts';

/** One kind of answer, observed twice: what differs between the two does not characterize the kind. */
export interface AnswerKind {
  /** What was asked, in words. */
  readonly asked: string;
  readonly answers: readonly [KindAnswer, KindAnswer];
}

/** An answer, and the names that only its own request had: an answer that repeats them tells nothing. */
export interface KindAnswer {
  readonly answer: HttpAnswer;
  readonly ownNames: readonly string[];
}

/** Headers that depend on the connection, the moment or the length of repeated names, not on what was asked. */
const NEUTRAL_HEADERS = new Set(['date', 'age', 'connection', 'keep-alive', 'content-length']);
const OWN_NAME = '(its own name)';

/**
 * The two kinds of answers cannot be told apart. Ignores whatever differs between two answers of the same kind, such as
 * the id of an error.
 * Rules: oauth.bearer.account-scope, oauth.token.invalid-client.
 */
export function alike(one: AnswerKind, other: AnswerKind): Match {
  const telling = tellingFacet(one.answers.map(facetsOf), other.answers.map(facetsOf));
  if (telling === undefined) return matched;
  return mismatch(
    `the same answer to ${one.asked} and to ${other.asked}`,
    `${telling.name}: ${telling.ones} to ${one.asked}, ${telling.others} to ${other.asked}`,
    answerPlace(one.answers[0].answer),
  );
}

/** `the status`, `header x`, `the body.a.b`, each with its value. */
function facetsOf({ answer, ownNames }: KindAnswer): Facets {
  const headers = [...answer.headers]
    .filter(([name]) => !NEUTRAL_HEADERS.has(name))
    .map(([name, value]) => [`header ${name}`, value] as const);
  const body =
    answer.json === undefined ? [['the body', answer.text] as const] : leavesOf('the body', answer.json);
  const all = [['the status', String(answer.status)] as const, ...headers, ...body];
  return new Map(all.map(([name, value]) => [name, withoutNames(value, ownNames)]));
}

function leavesOf(path: string, value: unknown): (readonly [name: string, value: string])[] {
  if (typeof value !== 'object' || value === null) return [[path, JSON.stringify(value)]];
  const members = Object.entries(value);
  if (members.length === 0) return [[path, JSON.stringify(value)]];
  return members.flatMap(([name, inner]) => leavesOf(`${path}.${name}`, inner));
}

function withoutNames(text: string, names: readonly string[]): string {
  return names.reduce((rest, name) => rest.replaceAll(name, OWN_NAME), text);
}
