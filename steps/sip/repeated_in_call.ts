import { setTimeout as delay } from 'node:timers/promises';

import { Then, When } from '@cucumber/cucumber';

import type { WireMessage } from '../../harness/capture/sip_messages.ts';
import { must, ofEach } from '../../harness/expect/match.ts';
import { repeatedAlike, type Repeated } from '../../harness/expect/transactions.ts';
import { responseTo } from '../../harness/traffic/raw_call.ts';
import { written, type RawLines } from '../../harness/traffic/raw_request.ts';
import { BrokenPrecondition, HarnessError } from '../../harness/verdict.ts';
import type { ConformanceWorld } from '../world.ts';
import { toldCallOf, type ToldCall } from './told_call.ts';

const repeats = new WeakMap<ConformanceWorld, readonly Repeated[]>();

interface Granted {
  readonly lines: RawLines;
  readonly answer: WireMessage;
}

/** Sends a request of the caller, which the called side grants. Throws a BrokenPrecondition where that goes wrong. */
async function granted(told: ToldCall, method: string): Promise<Granted> {
  const lines = told.call.lines(method);
  const came = await told.ask(lines);
  told.called.send(responseTo(came, '200 OK', []), came.source);
  const answer = await told.answer(lines, 200);
  if (answer?.status === 200) return { lines, answer };
  throw new BrokenPrecondition('sip.dialog.in-route', `the 200 to a ${method} of a call never came`);
}

/** Sends the same octets again. Resolves with what comes of them: another answer, and how often the request went on. */
async function repeated(told: ToldCall, { lines, answer }: Granted): Promise<Repeated> {
  const { caller, dialog } = told.call;
  caller.send(written(lines));
  const again = await caller.until(
    (message) =>
      message !== answer &&
      message.callId === dialog.callId &&
      message.cseq?.method === lines.method &&
      (message.status ?? 0) >= 200,
  );
  const { passedOn } = await told.call.passedOn();
  const times = passedOn?.filter(({ method }) => method === lines.method).length;
  return { name: lines.method, answer, again, times };
}

/**
 * The time has to be less than 64*T1: so long does a server transaction last over UDP (RFC 3261 section 17.2.2).
 * Rule: sip.transaction.retransmit.
 */
When(
  'the caller sends INFO and BYE of that call, and each once more {int} seconds later',
  async function (this: ConformanceWorld, seconds: number) {
    const told = toldCallOf(this);
    const first = [await granted(told, 'INFO'), await granted(told, 'BYE')];
    await delay(seconds * 1_000);
    const all: Repeated[] = [];
    for (const one of first) all.push(await repeated(told, one));
    repeats.set(this, all);
  },
);

Then('each gets the same answer again, and has gone on once', function (this: ConformanceWorld) {
  const all = repeats.get(this);
  if (all === undefined) throw new HarnessError('nothing was repeated');
  must(ofEach(all, repeatedAlike));
});
