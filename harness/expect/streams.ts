import type { StreamAttempt } from '../traffic/raw_stream.ts';
import { matched, mismatch, type Match } from './match.ts';

const WHERE = 'the octets sent over TCP and their answers, attached';

/** Each of the connections matches; else every one that does not is told, under its name. */
export function ofEachStream(
  attempts: readonly StreamAttempt[],
  judge: (attempt: StreamAttempt) => Match,
): Match {
  const misfits = attempts.flatMap((attempt) => {
    const match = judge(attempt);
    return match.ok ? [] : [{ ...match, name: attempt.name }];
  });
  const [first] = misfits;
  if (!first) return matched;
  const actual = misfits.map((misfit) => `${misfit.actual} (${misfit.name})`).join('; ');
  return mismatch(first.acceptable, actual, first.where);
}

/**
 * The message was answered with nothing but a refusal, if at all, and then the service closed the connection: where a
 * message ends that cannot be measured, nobody knows where the next one begins (RFC 3261 section 18.3).
 * Rule: hard.tcp.content-length.
 */
export function brokenOff({ unconnected, answers, isClosed }: StreamAttempt): Match {
  const wish = '400 or another refusal, or no answer, and a closed connection';
  if (unconnected !== undefined) return mismatch(wish, `no TCP connection: ${unconnected}`, WHERE);
  const wrong = answers.find(({ status = 0 }) => status < 400 || status >= 600);
  if (wrong) return mismatch(wish, wrong.startLine, WHERE);
  return isClosed ? matched : mismatch(wish, 'a connection that stays open', WHERE);
}

/** Nothing came of the message that was hidden behind the end of another one (rule hard.tcp.content-length). */
export function nothingBetrayed({ betrayed }: StreamAttempt): Match {
  const [message] = betrayed;
  return message ? mismatch('nothing comes of the hidden message', `"${message.startLine}"`, WHERE) : matched;
}
