import type { Endpoint } from '../../capture/endpoint.ts';
import { messageIn, type WireMessage } from '../../capture/sip_messages.ts';
import { NOTHING, type Cargo } from '../../model/cargo.ts';
import { askerOf, statusFor, titleOf, type CallMessage, type Side } from '../../model/delivery.ts';
import type { DeliveryRow } from '../../model/delivery_rows.ts';
import { listedValues, uriIn } from '../listed_values.ts';
import { PLAIN, written, type Letter } from './letter.ts';
import type { DialogState, Party } from './party.ts';
import type { CallFacts, Passage } from './passage.ts';
import type { StandIn } from './stand_in.ts';

/** What a call is made of whose messages are rows of the table. */
export interface ConversationParts {
  readonly rows: readonly DeliveryRow[];
  readonly caller: Party;
  /** Who goes on with the call once it is answered. */
  readonly called: Party;
  readonly standIn: StandIn;
  /** The INVITE of the caller, and what it says of the dialog. */
  readonly invite: (company: Cargo) => Letter;
  readonly state: DialogState;
  readonly facts: CallFacts;
}

/** Who asks whom. */
interface Turn {
  readonly from: Party;
  readonly to: Party;
  readonly state: DialogState;
  /** Where its requests go; undefined where only the service can be meant. */
  readonly hop: Endpoint | undefined;
}

const INVITE: CallMessage = { towards: 'platform', method: 'INVITE', isInDialog: false };

/** A call with one row for each of its messages that is judged. Others are sent only where the call needs them. */
export class Conversation {
  readonly #parts: ConversationParts;
  readonly #rows: ReadonlyMap<string, DeliveryRow>;
  readonly #passages: Passage[] = [];
  #invite: WireMessage | undefined;
  #cseq = 1;

  constructor(parts: ConversationParts) {
    this.#parts = parts;
    this.#rows = new Map(parts.rows.map((row) => [titleOf(row.message), row]));
  }

  /** Makes the call, as far as the service lets it be made. */
  async hold(): Promise<void> {
    const { caller, standIn, state } = this.#parts;
    const text = this.#written(INVITE, this.#parts.invite);
    this.#invite = this.#read(text, caller);
    caller.voice.send(text, undefined);
    const answer = await caller.voice.until(isFinal(state.callId, 'INVITE', 1));
    if (answer?.status !== 200) return;
    const delivered = await standIn.invite(state.callId);
    if (delivered === undefined) return;
    const [there, back] = this.#turns(answer, delivered);
    await this.#acknowledge(there, 1);
    for (const turn of [there, back]) {
      for (const method of this.#methodsTo(turn.to.side)) {
        if (!(await this.#ask(turn, method))) return;
      }
    }
    const end = this.#parts.rows.find(({ message }) => message.method === 'BYE');
    await this.#ask(end && askerOf(end.message) === 'platform' ? back : there, 'BYE');
  }

  /** What came of each row. Throws a HarnessError where the witnesses disagree. */
  async passages(): Promise<readonly Passage[]> {
    await this.#keepTold();
    const tried = new Set(this.#passages.map(({ row }) => row));
    const { rows, facts: call } = this.#parts;
    const untried = rows.filter((row) => !tried.has(row));
    return [...this.#passages, ...untried.map((row) => ({ row, sent: undefined, came: undefined, call }))];
  }

  /** The messages that went through the stand-in of the voice platform. */
  async #keepTold(): Promise<void> {
    const { caller, standIn, facts } = this.#parts;
    const told = await standIn.told(facts.callId);
    const refusal = await caller.voice.until(isFinal(facts.callId, 'INVITE', 1));
    const came = told.find(({ method }) => method === 'INVITE');
    this.#keep(INVITE, { sent: this.#invite, came, refusal });
    const responses = new Map(told.map((response) => [response.status, response]));
    for (const [status, sent] of responses) {
      if (status === undefined || status === 100) continue;
      const heard = await caller.voice.until(
        (one) => one.callId === facts.callId && one.status === status && one.cseq?.number === 1,
      );
      this.#keep({ ...INVITE, towards: 'caller', status }, { sent, came: heard });
    }
  }

  /** What each side knows of the dialog once the INVITE is answered. */
  #turns(answer: WireMessage, delivered: WireMessage): readonly [there: Turn, back: Turn] {
    const { caller, called, state } = this.#parts;
    const callers = new Set(listedValues(this.#invite?.all('Record-Route') ?? []));
    const recorded = listedValues(answer.all('Record-Route')).toReversed();
    const to = answer.header('To') ?? '';
    const contact = answer.header('Contact') ?? '';
    const routes = recorded.filter((value) => !callers.has(value));
    const there = { ...state, to, target: uriIn(contact), routes };
    const back = {
      ...state,
      from: to,
      to: state.from,
      target: uriIn(state.contact),
      contact,
      routes: listedValues(delivered.all('Record-Route')),
    };
    return [
      { from: caller, to: called, state: there, hop: undefined },
      { from: called, to: caller, state: back, hop: endpointIn(uriIn(back.routes[0] ?? '')) },
    ];
  }

  /** The methods, in order, that there is a row for with this side: of the request, or of its answer. */
  #methodsTo(side: Side): readonly string[] {
    const methods = this.#parts.rows
      .filter(({ message }) => message.isInDialog && askerOf(message) !== side)
      .map(({ message: { method } }) => (method === 'ACK' ? 'INVITE' : method));
    return [...new Set(methods)].filter((method) => method !== 'BYE');
  }

  /** False where the call cannot go on. */
  async #ask(turn: Turn, method: string): Promise<boolean> {
    const { from, to, state } = turn;
    const { callId } = state;
    const cseq = ++this.#cseq;
    const message = { towards: to.side, method, isInDialog: true };
    const text = this.#written(message, (company) => from.request(method, cseq, state, company));
    const sent = this.#read(text, from);
    from.voice.send(text, turn.hop);
    const isFinalOfIt = isFinal(callId, method, cseq);
    const first = await Promise.race([
      to.voice.until(isRequest(callId, method, cseq)),
      from.voice.until(isFinalOfIt),
    ]);
    if (first?.method === undefined) {
      this.#keep(message, { sent, came: undefined, refusal: first });
      return first !== undefined;
    }
    this.#keep(message, { sent, came: first });
    return this.#answer(turn, message, cseq, first);
  }

  /** False where the answer is lost. */
  async #answer(turn: Turn, message: CallMessage, cseq: number, first: WireMessage): Promise<boolean> {
    const { from, to, state } = turn;
    const { method } = message;
    const status = statusFor(method);
    const isRefresh = method === 'INVITE' || method === 'UPDATE';
    const contact = to.side === 'platform' ? `<${state.target}>` : this.#parts.state.contact;
    const answer = { ...message, towards: from.side, status };
    const reply = this.#written(answer, (company) =>
      to.response(first, status, isRefresh ? contact : undefined, company),
    );
    to.voice.send(reply, first.source);
    const came = await from.voice.until(isFinal(state.callId, method, cseq));
    this.#keep(answer, { sent: this.#read(reply, to), came });
    if (method === 'INVITE' && came) await this.#acknowledge(turn, cseq);
    return came !== undefined;
  }

  async #acknowledge({ from, to, state, hop }: Turn, cseq: number): Promise<void> {
    const message = { towards: to.side, method: 'ACK', isInDialog: true };
    const text = this.#written(message, (company) => from.request('ACK', cseq, state, company));
    from.voice.send(text, hop);
    const came = await to.voice.until(isRequest(state.callId, 'ACK', cseq));
    this.#keep(message, { sent: this.#read(text, from), came });
  }

  /** Where a row judges the answer to a request, the request is written in the same way. */
  #written(message: CallMessage, letter: (company: Cargo) => Letter): string {
    const row = this.#rows.get(titleOf(message)) ?? this.#rowOfAnswer(message);
    return written(letter(row?.company ?? NOTHING), row ?? PLAIN);
  }

  #rowOfAnswer({ towards, method, isInDialog, status }: CallMessage): DeliveryRow | undefined {
    if (status !== undefined) return undefined;
    return this.#parts.rows.find(
      ({ message }) =>
        message.status !== undefined &&
        message.towards !== towards &&
        message.method === method &&
        message.isInDialog === isInDialog,
    );
  }

  #read(text: string, { voice: { local } }: Party): WireMessage | undefined {
    return messageIn(Buffer.from(text, 'latin1'), local, local);
  }

  #keep(message: CallMessage, came: Omit<Passage, 'row' | 'call'>): void {
    const row = this.#rows.get(titleOf(message));
    if (row) this.#passages.push({ row, call: this.#parts.facts, ...came });
  }
}

function isFinal(callId: string, method: string, cseq: number): (message: WireMessage) => boolean {
  return ({ callId: of, status = 0, cseq: is }) =>
    of === callId && status >= 200 && is?.number === cseq && is.method === method;
}

function isRequest(callId: string, method: string, cseq: number): (message: WireMessage) => boolean {
  return (message) => message.callId === callId && message.method === method && message.cseq?.number === cseq;
}

/** Where a URI with an address leads; undefined where it names a host. */
function endpointIn(uri: string): Endpoint | undefined {
  const [, address, port = '5060'] = /^sips?:(?:[^@]*@)?(\d+\.\d+\.\d+\.\d+)(?::(\d+))?/i.exec(uri) ?? [];
  return address === undefined ? undefined : { address, port: Number(port) };
}
