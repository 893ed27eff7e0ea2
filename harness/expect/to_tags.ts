import type { WireMessage } from '../capture/sip_messages.ts';
import type { Attempt } from '../traffic/attempt.ts';
import { matched, mismatch, type Match } from './match.ts';

/** A quoted string, and the brackets with the URI: a tag in either is none. */
const ASIDE = /"(?:[^"\\]|\\[^])*"|<[^>]*>/g;
const TAG = /;\s*tag\s*=\s*([^\s;,]*)/gi;

/** The tag parameters in a value of To or From (RFC 3261 section 20.39). */
export function tagsIn(value: string): string[] {
  return [...value.replaceAll(ASIDE, '""').matchAll(TAG)].map(([, tag = '']) => tag);
}

/**
 * It was answered, and each answer but 100 has one To tag: that of the request, if it has one.
 * Rule: hard.message.to-tag.
 */
export function oneToTag({ sent, answers }: Attempt): Match {
  const asked = tagsIn(/^To:(.*)\r$/m.exec(sent)?.[1] ?? '')[0];
  const wish =
    asked === undefined ? 'one To tag in each answer' : `the To tag ${asked} in each answer, and no other`;
  const final = answers.filter(({ status = 0 }) => status > 100);
  if (final.length === 0) return mismatch(wish, 'no answer', 'the requests, attached');
  const wrong = final.find((answer) => !hasOneTag(answer, asked));
  return wrong ? mismatch(wish, `To: ${wrong.header('To')}`, `the ${wrong.status}, attached`) : matched;
}

function hasOneTag(answer: WireMessage, asked: string | undefined): boolean {
  const tags = tagsIn(answer.header('To') ?? '');
  return tags.length === 1 && tags[0] !== '' && (asked === undefined || tags[0] === asked);
}
