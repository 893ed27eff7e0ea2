import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

import type { RunFacts } from '../run/facts.ts';
import { HarnessError } from '../verdict.ts';
import { untilReady } from './readiness.ts';

/**
 * Lets the target's SIP side start anew, and resolves when it answers again. That it has ended shows by the end of a
 * TCP connection to it. Resolves with the reason where that cannot be done; rejects with a HarnessError where the
 * connection does not end, or no answer comes.
 */
export async function startAnew(facts: RunFacts): Promise<string | undefined> {
  const { place, targetPid, defaultAddress: from, descriptor } = facts;
  const signal = place.start?.startAnewSignal;
  if (targetPid === undefined || signal === undefined)
    return 'the run did not start the target, or no signal is known that starts its SIP side anew (start.startAnewSignal)';
  const { ready, answer } = descriptor.timeouts;
  const connection = connect({ ...place.sip, localAddress: from });
  try {
    await once(connection, 'connect');
    process.kill(targetPid, signal);
    await ended(connection, ready.ms);
  } catch (error) {
    throw new HarnessError(`the target's SIP side could not be started anew: ${String(error)}`, {
      cause: error,
    });
  } finally {
    connection.destroy();
  }
  await untilReady(place, { from, patienceMs: ready.ms, answerMs: answer.ms });
  return undefined;
}

async function ended(connection: Socket, patienceMs: number): Promise<void> {
  connection.on('error', () => undefined).resume();
  const late = AbortSignal.timeout(patienceMs);
  await once(connection, 'close', { signal: late });
}
