import { When } from '@cucumber/cucumber';

import type { WireMessage } from '../../harness/capture/sip_messages.ts';
import { CalledSide } from '../../harness/traffic/called_side.ts';
import { RawCall } from '../../harness/traffic/raw_call.ts';
import { written, type RawLines } from '../../harness/traffic/raw_request.ts';
import { BrokenPrecondition, HarnessError } from '../../harness/verdict.ts';
import { knockLines, nonceFor } from '../hard/knock.ts';
import type { ConformanceWorld } from '../world.ts';

/** An answered call whose called side goes on by hand, behind a proxy that it plays too and one that is not there. */
export class ToldCall {
  readonly call: RawCall;
  readonly called: CalledSide;

  private constructor(call: RawCall, called: CalledSide) {
    this.call = call;
    this.called = called;
  }

  /** Makes the call, and acknowledges its 200. Throws a BrokenPrecondition where it is not answered. */
  static async make(world: ConformanceWorld): Promise<ToldCall> {
    const { platform } = world.parameters.place;
    if (!platform) throw new HarnessError('nobody of ours stands where calls are delivered');
    const called = await CalledSide.open(platform.host, world.parameters.descriptor.timeouts.answer.ms);
    world.ending.addEventListener('abort', () => called.close());
    const { address, port } = called.local;
    const caller = await world.rawCaller();
    const nonce = await nonceFor(world, caller, 'unseen');
    const lines = knockLines(world, caller, { nonce }, `as told ${port}`);
    const recorded = `Record-Route: <sip:far.platform.example;lr>, <sip:near@${address}:${port};lr>`;
    const body = `${recorded}|Content-Length: 0\r\n\r\n`;
    const invite = { ...lines, contentLength: `Content-Length: ${body.length}`, body };
    return new ToldCall(await RawCall.until(200, caller, invite), called);
  }

  /** The lines of the caller's next re-INVITE, its Route values `in one line` or `in lines of their own`. */
  reinvite(form = 'in lines of their own'): RawLines {
    const lines = this.call.lines('INVITE');
    if (form !== 'in one line') return lines;
    const values = lines.others.filter(isRoute).map((line) => line.slice('Route: '.length));
    return {
      ...lines,
      others: [...lines.others.filter((line) => !isRoute(line)), `Route: ${values.join(', ')}`],
    };
  }

  /** Sends the caller's request, and returns it as the called side gets it. */
  async ask(lines: RawLines): Promise<WireMessage> {
    this.call.caller.send(written(lines));
    const came = await this.called.until(isRequestOf(lines));
    if (came) return came;
    throw new BrokenPrecondition('sip.dialog.in-route', `the ${lines.method} of a call never came`);
  }

  /** Sends the caller's request, and returns it as the called side gets it; undefined where it gets an answer instead. */
  async passed(lines: RawLines): Promise<WireMessage | undefined> {
    this.call.caller.send(written(lines));
    const first = await Promise.race([this.called.until(isRequestOf(lines)), this.answer(lines, 200)]);
    return first?.method === undefined ? undefined : first;
  }

  /** The first answer with this status to the caller's request, or the final one; undefined where none comes. */
  answer(lines: RawLines, status: number): Promise<WireMessage | undefined> {
    const number = numberOf(lines);
    return this.call.caller.until(
      (message) =>
        message.cseq?.number === number &&
        message.cseq.method === lines.method &&
        message.callId === this.call.dialog.callId &&
        (message.status === status || (message.status ?? 0) >= 200),
    );
  }

  /** The next request of that method, with the number of these lines, that the called side gets besides these. */
  next(
    method: string,
    lines: RawLines,
    besides: readonly WireMessage[] = [],
  ): Promise<WireMessage | undefined> {
    const isIt = isRequestOf({ ...lines, method });
    return this.called.until((message) => isIt(message) && !besides.includes(message));
  }
}

const calls = new WeakMap<ConformanceWorld, ToldCall>();

/** The scenario's call whose called side goes on by hand. */
export function toldCallOf(world: ConformanceWorld): ToldCall {
  const call = calls.get(world);
  if (!call) throw new HarnessError('no call has a called side that goes on by hand');
  return call;
}

/** Rules: sip.ack.proxy, sip.cancel.downstream, sip.dialog.in-route, sip.route.own, sip.trying.form. */
When(
  'a call with its password is answered, and its called side goes on by hand',
  async function (this: ConformanceWorld) {
    calls.set(this, await ToldCall.make(this));
  },
);

function isRoute(line: string): boolean {
  return line.startsWith('Route: ');
}

function isRequestOf(lines: RawLines): (message: WireMessage) => boolean {
  const number = numberOf(lines);
  return ({ method, callId, cseq }) =>
    method === lines.method && lines.callIds.includes(callId ?? '') && cseq?.number === number;
}

function numberOf({ cseq }: RawLines): number {
  return Number(/\d+/.exec(cseq)?.[0]);
}
