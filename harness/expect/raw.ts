import type { WireMessage } from '../capture/sip_messages.ts';
import type { Attempt } from '../traffic/attempt.ts';
import { listedValues } from '../traffic/listed_values.ts';
import type { RawExchange } from '../traffic/raw.ts';
import type { StreamExchange } from '../traffic/stream.ts';
import { matched, mismatch, type Match } from './match.ts';

/** In a list of acceptable answers: no answer at all. */
export const DROPPED = 'none';

/** All final answers are among these statuses; `none` means that there is none (rule sip.malformed). */
export function rawAnswered(exchange: RawExchange, acceptable: readonly string[]): Match {
  const finals = exchange.answers.filter(({ status = 0 }) => status >= 200);
  const came = finals.length === 0 ? [DROPPED] : [...new Set(finals.map(({ status }) => String(status)))];
  return came.every((status) => acceptable.includes(status))
    ? matched
    : mismatch(acceptable, came.join(' and '), 'the message and its answers, attached');
}

/** What shows that a service goes on: which answer an OPTIONS gets is the matter of sip.options.keepalive. */
export const SIGN_OF_LIFE = 'an answer to an OPTIONS right after it, and none of trouble (5xx but 501)';

/** Whether the answer to an OPTIONS shows that the service goes on (rules sip.malformed, hard.message.*). */
export function isSignOfLife(answer: Pick<WireMessage, 'status'> | undefined): boolean {
  const status = answer?.status;
  return status !== undefined && (status < 500 || status === 501);
}

/** The service answered the OPTIONS sent after the message (rule sip.malformed). */
export function aliveAfterwards({ afterwards }: RawExchange): Match {
  return isSignOfLife(afterwards)
    ? matched
    : mismatch(SIGN_OF_LIFE, afterwards ? String(afterwards.status) : 'no answer');
}

/**
 * A 420 names in Unsupported what the message requires of a user agent server, or of a proxy (RFC 3261 section 8.2.2.3,
 * 16.3). Rule: sip.malformed.
 */
export function unsupportedNamed({ sent, answers }: RawExchange): Match {
  const refusal = answers.find(({ status }) => status === 420);
  if (!refusal) return matched;
  const named = listedValues(refusal.all('Unsupported'));
  const required = ['Require', 'Proxy-Require'].map((name) =>
    listedValues(new RegExp(`^${name}: *(.*)\\r$`, 'im').exec(sent)?.slice(1) ?? []),
  );
  const isNamed = required.some((tags) => tags.length > 0 && tags.every((tag) => named.includes(tag)));
  if (isNamed) return matched;
  const wishes = required.filter((tags) => tags.length > 0).map((tags) => `Unsupported: ${tags.join(', ')}`);
  return mismatch(
    wishes,
    `Unsupported: ${named.join(', ') || '(missing)'}`,
    'the 420 to the message, attached',
  );
}

/** The OPTIONS sent after it over the same connection got 200 with this reason phrase (rule sip.tcp). */
export function keptAliveBehind({ afterwards }: Pick<Attempt, 'afterwards'>, reason: string): Match {
  const isKeptAlive = afterwards?.status === 200 && afterwards.reason === reason;
  return isKeptAlive
    ? matched
    : mismatch(`200 ${reason} to an OPTIONS behind it`, afterwards?.startLine ?? 'no answer', 'the stream');
}

/** Each of the `count` OPTIONS on the stream got its own 200 with this reason phrase (rule sip.tcp). */
export function streamKeptAlive(exchange: StreamExchange, count: number, reason: string): Match {
  const wish = `${count} answers, each 200 ${reason}`;
  if (exchange.unconnected !== undefined)
    return mismatch(wish, `no TCP connection: ${exchange.unconnected}`, 'the TCP port of the service');
  const good = exchange.answers.filter((answer) => answer.status === 200 && answer.reason === reason);
  const callIds = new Set(good.map(({ callId }) => callId));
  return callIds.size === count && exchange.answers.length === count
    ? matched
    : mismatch(
        wish,
        exchange.answers.map(({ startLine }) => startLine).join(', ') || 'no answer',
        'the answers over the TCP connection',
      );
}
