import type { CallCounters } from './statistics.ts';

/** SIPp's reasons to fail a call that say that it had sent or received a message. */
const AFTER_A_MESSAGE = ['MaxUDPRetrans', 'UnexpectedMessage', 'TimeoutOnRecv'];
/** The remark on a message that SIPp dropped because the scenario's `lost` says so: it is counted and not traced. */
const LOST = /\bmessage (?:\(retrans\) )?(?:voluntary )?lost \(/;

/**
 * What SIPp counted that needs a message, where its trace has none, as a clause; undefined where it counted nothing of
 * the kind. `trace` is the text of the trace.
 */
export function missingTrace(run: {
  calls: CallCounters;
  retransmissions: number;
  role: 'client' | 'server';
  trace: string;
}): string | undefined {
  const { calls, retransmissions, role, trace } = run;
  if (LOST.test(trace)) return undefined;
  if (calls.successful > 0) return several(calls.successful, 'successful call');
  if (role === 'server' && calls.created > 0) return several(calls.created, 'incoming call');
  if (retransmissions > 0) return several(retransmissions, 'retransmission');
  const reason = AFTER_A_MESSAGE.find((name) => (calls.failures[name] ?? 0) > 0);
  return reason && `${calls.failures[reason]} ${reason}`;
}

function several(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}
