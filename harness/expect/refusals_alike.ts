import type { WireMessage } from '../capture/sip_messages.ts';
import type { Attempt } from '../traffic/attempt.ts';
import { finalOf } from './attempts.ts';
import { tellingFacet, type Facets } from './facets.ts';
import { matched, mismatch, type Match } from './match.ts';

/** Header fields that copy the request's, or tell the time. */
const NEUTRAL: ReadonlySet<string> = new Set([
  'via',
  'v',
  'from',
  'f',
  'to',
  't',
  'call-id',
  'i',
  'cseq',
  'date',
  'timestamp',
]);

/** A parameter of a header, with its value in quotes or without. */
const PARAMETER = /([^\s=,;"]+)\s*=\s*("(?:[^"\\]|\\.)*"|[^\s,;]*)/g;

/**
 * An outsider cannot tell the two kinds of refusals apart: neither by their status lines nor by names, order and values of
 * their headers nor by their bodies. Whatever differs between two refusals of one kind tells nothing.
 * Rule: sip.unknown-application.
 */
export function refusedAlike(ones: readonly Attempt[], others: readonly Attempt[]): Match {
  const wish = 'answers that cannot be told apart';
  const where = 'the requests and their answers, attached';
  const [first, second] = [ones, others].map((kind) => kind.map(finalOf).flatMap((final) => final ?? []));
  if (first?.length !== ones.length || second?.length !== others.length)
    return mismatch(wish, 'no final answer to some of the calls', where);
  const telling = tellingFacet(first.map(facetsOf), second.map(facetsOf));
  if (telling === undefined) return matched;
  return mismatch(wish, `${telling.name}: "${telling.ones}" and "${telling.others}"`, where);
}

function facetsOf({ startLine, headers, body }: WireMessage): Facets {
  const facets = new Map<string, string>([
    ['the status line', startLine],
    ['the order of its headers', headers.map(([name]) => name.trim()).join(', ')],
    ['the body', body],
  ]);
  for (const [name, value] of headers) addHeader(facets, name.trim(), value);
  return facets;
}

/** Adds a header in its parts: one that varies, such as a nonce, must not hide the others. */
function addHeader(facets: Map<string, string>, name: string, value: string): void {
  const add = (part: string, text: string): void => {
    const facet = `${name}${part}`;
    facets.set(facet, [facets.get(facet), text].filter((one) => one !== undefined).join(' | '));
  };
  if (NEUTRAL.has(name.toLowerCase())) {
    add(', its tag', /;\s*tag\s*=/i.test(value) ? 'there' : 'missing');
    return;
  }
  add('', value.replaceAll(PARAMETER, '$1=…'));
  for (const [, parameter = '', text = ''] of value.matchAll(PARAMETER)) add(`, its ${parameter}`, text);
}
