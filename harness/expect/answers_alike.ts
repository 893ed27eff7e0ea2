import type { HttpAnswer } from '../clients/http.ts';
import { answerPlace } from './answers.ts';
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

/** What an answer consists of: `status`, `header x`, `body a.b`, each with its value as text. */
type Facets = ReadonlyMap<string, string>;

/** Headers that depend on the connection, the moment or the length of repeated names, not on what was asked. */
const NEUTRAL_HEADERS = new Set(['date', 'age', 'connection', 'keep-alive', 'content-length']);
const OWN_NAME = '(its own name)';
const ABSENT = 'nothing';

/**
 * The two kinds of answers cannot be told apart. Ignores whatever differs between two answers of the same kind, such as
 * the id of an error.
 * Rules: oauth.bearer.account-scope, oauth.token.invalid-client.
 */
export function alike(one: AnswerKind, other: AnswerKind): Match {
  const ones = one.answers.map(facetsOf);
  const others = other.answers.map(facetsOf);
  const names = new Set([...ones, ...others].flatMap((facets) => [...facets.keys()]));
  for (const name of names) {
    const [first, second] = [constantOf(name, ones), constantOf(name, others)];
    if (first === second || (isVaried(first) && second !== ABSENT) || (isVaried(second) && first !== ABSENT))
      continue;
    return mismatch(
      `the same answer to ${one.asked} and to ${other.asked}`,
      `${name}: ${shown(first)} to ${one.asked}, ${shown(second)} to ${other.asked}`,
      answerPlace(one.answers[0].answer),
    );
  }
  return matched;
}

/** The value that all share, `ABSENT` where none has one; undefined where it varies. */
function constantOf(name: string, all: readonly Facets[]): string | undefined {
  const [value = ABSENT, ...rest] = all.map((facets) => facets.get(name) ?? ABSENT);
  return rest.every((one) => one === value) ? value : undefined;
}

function isVaried(constant: string | undefined): boolean {
  return constant === undefined;
}

function shown(constant: string | undefined): string {
  return constant ?? 'a value that varies';
}

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
