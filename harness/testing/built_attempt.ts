import type { Attempt } from '../traffic/attempt.ts';
import { received } from './built_call.ts';

/** A request that nothing came of, but for what is given. */
export function attempt(found: Partial<Attempt> = {}): Attempt {
  return {
    name: 'a form',
    sent: 'INVITE sip:a@b SIP/2.0\r\nVia: SIP/2.0/UDP a;branch=z9hG4bK1\r\n\r\n',
    callIds: ['one@caller.example'],
    answers: [],
    delivered: [],
    passedOn: [],
    afterwards: undefined,
    ...found,
  };
}

/** A request that was answered so. */
export function answered(statusLine: string, ...headers: readonly string[]): Attempt {
  return attempt({ answers: [received(`SIP/2.0 ${statusLine}`, 'CSeq: 1 INVITE', ...headers)] });
}
