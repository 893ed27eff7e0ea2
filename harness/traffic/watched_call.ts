import { runSipp, SippError, type SippHooks } from 'sipp-ts-wrapper';
import { assertSafeToSend } from '../lab/guard.ts';
import type { Workbench } from '../run/workbench.ts';
import { HarnessError } from '../verdict.ts';
import type { Call } from './call.ts';
import type { CallRequest } from './caller.ts';

/**
 * Places one call as `Caller.call` does, for somebody who watches: `hooks` hear of each message as it happens, and
 * may end the call. Throws a HarnessError where SIPp cannot run it, or where the witnesses disagree.
 */
export async function watchedCall(
  { facts, caller, capture }: Workbench,
  request: Omit<CallRequest, 'calls' | 'rate'>,
  hooks: SippHooks,
): Promise<Call> {
  assertSafeToSend(facts.place.sip.host);
  const { callId, options } = caller.sippOptions(request);
  const sipp = await runSipp(options, hooks).catch((error: unknown) => {
    throw error instanceof SippError ? new HarnessError(error.message) : error;
  });
  await capture?.settle();
  return {
    scenario: request.scenario,
    callId,
    sipp,
    messages: caller.callerSide(sipp, [callId]),
    delivered: await caller.platformSide([callId]),
    witnesses: capture ? 2 : 1,
  };
}
