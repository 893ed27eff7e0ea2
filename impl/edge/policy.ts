import { callDecision, CALL_CHECKS, type CallCheck } from './call_checks.ts';
import { refuse, type Arrival, type Decision, type PolicyView } from './decision.ts';

const KEEPALIVE: Decision = { action: 'answer', reason: 'keepalive' };
const IN_DIALOG: Decision = { action: 'relay', reason: 'in-dialog' };
const HOPS_EXHAUSTED = refuse(483, 'hops-exhausted');
const LOOPED = refuse(482, 'looped');
const EXTENSION_REQUIRED = refuse(420, 'extension-required');
const NO_SUCH_DIALOG = refuse(481, 'no-such-dialog');
const METHOD_NOT_ALLOWED = refuse(405, 'method-not-allowed');

/**
 * Decides on a request in the order of RFC 3261 16.3: hops, loop, Proxy-Require, then who may come in.
 * `now` is in milliseconds of the nonces' clock.
 *
 * @param checks what a call has to pass, in order
 */
export function decide(
  arrival: Arrival,
  view: PolicyView,
  now: number,
  checks: readonly CallCheck[] = CALL_CHECKS,
): Decision {
  const { request } = arrival;
  if (request.maxForwards === 0) return HOPS_EXHAUSTED;
  if (view.loops.hasReturned(request)) return LOOPED;
  if (request.field('proxy-require') !== undefined) return EXTENSION_REQUIRED;
  // RFC 3261 12.2.2. A To tag proves nothing by itself (rule sip.dialog.auth).
  if (request.to.tag !== undefined && request.method !== 'REGISTER') {
    return arrival.inDialog ? IN_DIALOG : NO_SUCH_DIALOG;
  }
  switch (request.method) {
    case 'INVITE':
      return callDecision(arrival, view, now, checks);
    case 'OPTIONS':
      return KEEPALIVE;
    case 'BYE':
      return NO_SUCH_DIALOG;
    default:
      return METHOD_NOT_ALLOWED;
  }
}
