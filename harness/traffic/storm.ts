import type { SippResult } from 'sipp-ts-wrapper';

import { HarnessError } from '../verdict.ts';

/** More messages than any call of a scenario has, repetitions for its whole time limit included. */
const MOST_SENT = 300;

/**
 * Throws a HarnessError where SIPp sent more than the calls can need: it took answers for a reason to send again, and what
 * the service then does proves nothing.
 */
export function assertNoStorm({ messages }: Pick<SippResult, 'messages'>, calls: number): void {
  const sent = messages.filter(({ direction }) => direction === 'sent').length;
  if (sent <= MOST_SENT * calls) return;
  throw new HarnessError(
    `SIPp sent ${sent} messages in ${calls === 1 ? 'one call' : `${calls} calls`}: that is a storm, and no call. No ` +
      'verdict on what came of it: see which answer the scenario meets with another request.',
  );
}
