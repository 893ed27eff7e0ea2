import type { WireMessage } from '../capture/sip_messages.ts';
import { matched, mismatch, type Match } from './match.ts';

/** What the called side said, and what the caller was told. */
export interface Said {
  readonly name: string;
  /** Status and phrase that the called side sent, an octet a character. */
  readonly statusLine: string;
  /** Undefined: no final answer came. */
  readonly answer: WireMessage | undefined;
}

/** The caller got the status and the phrase that the called side sent (rule sip.response.forwarding). */
export function saidAsWas({ name, statusLine, answer }: Said): Match {
  return answer?.startLine === `SIP/2.0 ${statusLine}`
    ? matched
    : mismatch(`"${name}"`, answer ? `"${answer.startLine}"` : 'no final answer', 'the answer to the INVITE');
}
