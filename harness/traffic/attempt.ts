import type { WireMessage } from '../capture/sip_messages.ts';

/** One request that was sent as it is, and everything that came of it. */
export interface Attempt {
  /** What it tries, in a few words. */
  readonly name: string;
  /** An octet a character. */
  readonly sent: string;
  readonly callIds: readonly string[];
  /** The responses under its Call-IDs, each text once, in order. */
  readonly answers: readonly WireMessage[];
  /** What went to and from the voice platform under its Call-IDs; undefined where no stand-in of ours is there. */
  readonly delivered: readonly WireMessage[] | undefined;
  /** The requests under its Call-IDs that the service sent to anybody; undefined where the wire cannot be seen. */
  readonly passedOn: readonly WireMessage[] | undefined;
  /** The answer to an OPTIONS that was sent right after it; undefined where none came in time. */
  readonly afterwards: WireMessage | undefined;
}

/** Whether the message is a response under one of these Call-IDs. */
export function isAnswerTo({ status, callId = '' }: WireMessage, callIds: readonly string[]): boolean {
  return status !== undefined && callIds.includes(callId);
}

/** Whether the message is a final response under one of these Call-IDs. */
export function isFinalOf({ status = 0, callId = '' }: WireMessage, callIds: readonly string[]): boolean {
  return status >= 200 && callIds.includes(callId);
}

/** Each text once: a repeated answer is the same answer. */
export function distinct(messages: readonly WireMessage[]): WireMessage[] {
  return [...new Map(messages.map((message) => [message.text, message])).values()];
}
