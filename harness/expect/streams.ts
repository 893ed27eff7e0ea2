import type { StreamAttempt } from '../traffic/raw_stream.ts';
import { matched, mismatch, type Match } from './match.ts';

const WHERE = 'the octets sent over TCP and their answers, attached';

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
