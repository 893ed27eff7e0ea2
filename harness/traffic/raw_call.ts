import type { WireMessage } from '../capture/sip_messages.ts';
import { BrokenPrecondition, HarnessError } from '../verdict.ts';
import { listedValues, uriIn } from './listed_values.ts';
import type { RawCaller } from './raw_caller.ts';
import { written, type RawLines } from './raw_request.ts';

const DELIVERY_PATIENCE_MS = 5_000;

/** What identifies a dialog, and how its requests get to the other side (RFC 3261 section 12.1.2). */
export interface RawDialog {
  readonly callId: string;
  readonly callerTag: string;
  /** The value of To, with its tag. */
  readonly remote: string;
  readonly target: string;
  /** The Route lines, in order. */
  readonly routes: readonly string[];
}

/** The rule that a call breaks which never gets so far. */
const BROKEN_BEFORE: Readonly<Record<180 | 200, string>> = { 180: 'sip.cancel', 200: 'sip.auth.accepted' };

/** What becomes of a call that should be answered so and is not. */
export interface RawCallOptions {
  /** Whether a 200 is acknowledged at once; absent: it is. */
  readonly acknowledges?: boolean;
  /** What to throw where another final answer comes, or none; absent: a BrokenPrecondition. */
  readonly otherwise?: (answer: WireMessage | undefined) => Error;
}

/** What a call needs of whoever makes it, over UDP or over TCP. */
export type CallingParty = Pick<RawCaller, 'local' | 'lines' | 'send' | 'until' | 'passedOn'> & {
  /** Sends a response to a request that came. */
  reply(text: string, request: WireMessage): void;
};

/** A call that was made by hand, from the moment it rings or is answered. */
export class RawCall<Caller extends CallingParty = RawCaller> {
  readonly caller: Caller;
  readonly invite: RawLines;
  readonly dialog: RawDialog;
  #cseq: number;

  private constructor(caller: Caller, invite: RawLines, answer: WireMessage) {
    this.caller = caller;
    this.invite = invite;
    this.dialog = dialogOf(invite, answer);
    this.#cseq = answer.cseq?.number ?? 1;
  }

  /** Sends the INVITE, and waits for this status. */
  static async until<Caller extends CallingParty>(
    status: 180 | 200,
    caller: Caller,
    invite: RawLines,
    { acknowledges = true, otherwise = (answer) => unanswered(status, answer) }: RawCallOptions = {},
  ): Promise<RawCall<Caller>> {
    caller.send(written(invite));
    const isMine = (message: WireMessage): boolean => invite.callIds.includes(message.callId ?? '');
    const answer = await caller.until(
      (message) => isMine(message) && (message.status === status || (message.status ?? 0) >= 200),
    );
    if (answer?.status !== status) throw otherwise(answer);
    const call = new RawCall(caller, invite, answer);
    if (status === 200 && acknowledges) call.acknowledge();
    return call;
  }

  /** The lines of a request in the dialog, with the next sequence number. */
  lines(method: string, cseq = ++this.#cseq): RawLines {
    return dialogLines(this.caller, this.dialog, method, cseq);
  }

  /** Sends the ACK of a 200 (RFC 3261 section 13.2.2.4). */
  acknowledge(more: readonly string[] = []): void {
    this.caller.send(written(withMore(this.lines('ACK', this.#cseq), more)));
  }

  /** Sends the CANCEL (RFC 3261 section 9.1), and returns the final answers to it and to the INVITE. */
  async cancel(): Promise<readonly (WireMessage | undefined)[]> {
    this.caller.send(written(cancelLines(this.invite)));
    return Promise.all([this.#final('CANCEL', this.#cseq), this.#final('INVITE', this.#cseq)]);
  }

  /**
   * Sends a request with these header lines in the dialog, and returns its final answer; that to an INVITE is
   * acknowledged, with the same lines. Absent `uri`: the request names the remote target.
   */
  async ask(
    method: string,
    more: readonly string[] = [],
    uri = this.dialog.target,
  ): Promise<WireMessage | undefined> {
    return this.answerTo(withMore({ ...this.lines(method), uri }, more), more);
  }

  /** Sends a request whose lines this call has made, and returns its final answer. `more`: further lines of an ACK. */
  async answerTo(lines: RawLines, more: readonly string[] = []): Promise<WireMessage | undefined> {
    this.caller.send(written(lines));
    const final = await this.#final(lines.method, this.#cseq);
    if (final?.status === 200 && lines.method === 'INVITE') this.acknowledge(more);
    return final;
  }

  /** Everything of the call that was passed on until now. */
  passedOn(): ReturnType<CallingParty['passedOn']> {
    return this.caller.passedOn(this.invite.callIds);
  }

  /** Waits until what was delivered of the call is as told. Throws a HarnessError if it is not in time. */
  async untilDelivered(isIt: (delivered: readonly WireMessage[]) => boolean, what: string): Promise<void> {
    const delivered = await deliveredUntil(this.caller, this.invite.callIds, isIt);
    if (delivered !== undefined && !isIt(delivered))
      throw new HarnessError(`${what} never came from the voice platform`);
  }

  #final(method: string, number: number): Promise<WireMessage | undefined> {
    return this.caller.until(
      ({ status = 0, callId, cseq }) =>
        status >= 200 && callId === this.dialog.callId && cseq?.number === number && cseq.method === method,
    );
  }
}

/**
 * What was delivered under these Call-IDs, as soon as it is as told, or when the time for that is over; undefined where no
 * stand-in of ours is there.
 */
export async function deliveredUntil(
  caller: CallingParty,
  callIds: readonly string[],
  isIt: (delivered: readonly WireMessage[]) => boolean,
): Promise<readonly WireMessage[] | undefined> {
  const deadline = performance.now() + DELIVERY_PATIENCE_MS;
  for (;;) {
    const { delivered } = await caller.passedOn(callIds);
    if (delivered === undefined || isIt(delivered) || performance.now() > deadline) return delivered;
  }
}

function unanswered(status: 180 | 200, answer: WireMessage | undefined): BrokenPrecondition {
  const came = answer ? `was answered "${answer.startLine}"` : 'got no such answer';
  return new BrokenPrecondition(BROKEN_BEFORE[status], `an INVITE that should get ${status} ${came}`);
}

function withMore(lines: RawLines, more: readonly string[]): RawLines {
  return { ...lines, others: [...lines.others, ...more] };
}

/** The lines of a request in a dialog, from whoever knows all about it. */
export function dialogLines(
  caller: Pick<CallingParty, 'lines'>,
  dialog: RawDialog,
  method: string,
  cseq: number,
): RawLines {
  const { callId, callerTag: fromTag, remote, target, routes } = dialog;
  return caller.lines({ method, uri: target, to: remote, cseq, callId, fromTag, others: routes });
}

/** The CANCEL of an INVITE: its topmost Via and its Route, and what else identifies its transaction, are the same. */
export function cancelLines(invite: RawLines): RawLines {
  const cseq = invite.cseq.replace('INVITE', 'CANCEL');
  const via = invite.via.replace(/(?:, |\r\nVia: )SIP[^]*/, '');
  const routes = invite.others.filter((line) => line.startsWith('Route:'));
  const others = [...routes, 'Max-Forwards: 70'];
  return { ...invite, method: 'CANCEL', via, cseq, others, contentLength: 'Content-Length: 0', body: '' };
}

/** A response to a request that came, with these further lines. */
export function responseTo(request: WireMessage, statusLine: string, more: readonly string[]): string {
  const copied = ['Via', 'From', 'To', 'Call-ID', 'CSeq'].flatMap((name) =>
    request.all(name).map((value) => `${name}: ${value}`),
  );
  return `${[`SIP/2.0 ${statusLine}`, ...copied, ...more, 'Content-Length: 0'].join('\r\n')}\r\n\r\n`;
}

function dialogOf(invite: RawLines, answer: WireMessage): RawDialog {
  const contact = answer.header('Contact') ?? '';
  const recorded = listedValues(answer.all('Record-Route'));
  return {
    callId: invite.callIds[0] ?? '',
    callerTag: /;tag=(.*)/.exec(invite.from)?.[1] ?? '',
    remote: answer.header('To') ?? '',
    target: uriIn(contact),
    routes: recorded.toReversed().map((value) => `Route: ${value}`),
  };
}
