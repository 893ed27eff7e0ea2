import { Then, When, type DataTable } from '@cucumber/cucumber';

import { messageIn, type WireMessage } from '../../harness/capture/sip_messages.ts';
import {
  acksFit,
  cancelFits,
  heldBack,
  tryingCame,
  tryingInForm,
  type HopByHop,
  type Trying,
} from '../../harness/expect/hop_by_hop.ts';
import { must, ofEach } from '../../harness/expect/match.ts';
import { HEADER_FORMS } from '../../harness/traffic/header_forms.ts';
import { cancelLines, deliveredUntil, RawCall, responseTo } from '../../harness/traffic/raw_call.ts';
import { written, type RawLines } from '../../harness/traffic/raw_request.ts';
import { BrokenPrecondition, HarnessError } from '../../harness/verdict.ts';
import { routes } from '../hard/disguises.ts';
import { knockLines, nonceFor, type Course } from '../hard/knock.ts';
import type { ConformanceWorld } from '../world.ts';
import { toldCallOf, type ToldCall } from './told_call.ts';

const TIMESTAMP = 'Timestamp: 1234.5';

const ringing = new WeakMap<ConformanceWorld, readonly { readonly name: string; readonly call: RawCall }[]>();
const tryings = new WeakMap<ConformanceWorld, readonly Trying[]>();
const cancelled = new WeakMap<ConformanceWorld, readonly HopByHop[]>();
const refused = new WeakMap<ConformanceWorld, readonly HopByHop[]>();
const sentMeanwhile = new WeakMap<ConformanceWorld, readonly WireMessage[]>();

function of<T>(kept: WeakMap<ConformanceWorld, T>, world: ConformanceWorld): T {
  const found = kept.get(world);
  if (found === undefined) throw new HarnessError('a step before this one has kept nothing');
  return found;
}

function formed(world: ConformanceWorld, how: string, lines: RawLines): RawLines {
  const form = HEADER_FORMS[how];
  return form ? form(lines) : { ...lines, others: [...lines.others, ...routes(world, how)] };
}

/** Makes a call for each row, written so, and waits for this answer to it. */
async function callsMade(
  world: ConformanceWorld,
  { status, course, more = [] }: { status: 180 | 200; course: Course; more?: readonly string[] },
  table: DataTable,
): Promise<readonly { readonly name: string; readonly call: RawCall }[]> {
  const made = table.raw().map(async ([name = '']) => {
    const caller = await world.rawCaller();
    const lines = knockLines(world, caller, { nonce: await nonceFor(world, caller, 'unseen') }, course);
    const invite = formed(world, name, { ...lines, others: [...lines.others, ...more] });
    return { name, call: await RawCall.until(status, caller, invite) };
  });
  return Promise.all(made);
}

function isCancel({ method }: WireMessage): boolean {
  return method === 'CANCEL';
}

function isAck({ method }: WireMessage): boolean {
  return method === 'ACK';
}

function readFrom(lines: RawLines): WireMessage {
  const nowhere = { address: '', port: 0 };
  const message = messageIn(Buffer.from(written(lines), 'latin1'), nowhere, nowhere);
  if (!message) throw new HarnessError('an INVITE of ours is no SIP message');
  return message;
}

/** `answer`: the first one that came. */
function tryingOf(name: string, lines: RawLines, answer: WireMessage | undefined): Trying {
  return { name, invite: readFrom(lines), trying: answer?.status === 100 ? answer : undefined };
}

/** Rules: sip.transaction.trying, sip.trying.form. */
When(
  'calls with its password reach a called side that is silent for a second, by INVITEs with Timestamp, written with',
  async function (this: ConformanceWorld, table: DataTable) {
    const calls = await callsMade(this, { status: 200, course: 'slow', more: [TIMESTAMP] }, table);
    const judged = calls.map(async ({ name, call: { caller, invite, dialog } }) => {
      const first = await caller.until(
        ({ callId, status, cseq }) =>
          callId === dialog.callId && status !== undefined && cseq?.method === 'INVITE',
      );
      return tryingOf(name, invite, first);
    });
    tryings.set(this, await Promise.all(judged));
    await Promise.all(calls.map(({ call }) => call.ask('BYE')));
  },
);

When(
  'the caller changes the session, by INVITEs with Timestamp that are answered after their 100, written with',
  async function (this: ConformanceWorld, table: DataTable) {
    const told = toldCallOf(this);
    const all: Trying[] = [];
    for (const [name = ''] of table.raw()) {
      const lines = told.reinvite();
      const reinvite = formed(this, name, { ...lines, others: [...lines.others, TIMESTAMP] });
      const came = await told.ask(reinvite);
      all.push(tryingOf(name, reinvite, await told.answer(reinvite, 100)));
      told.called.send(responseTo(came, '200 OK', [`Contact: <${told.call.dialog.target}>`]), came.source);
      await told.answer(reinvite, 200);
      told.call.acknowledge();
    }
    tryings.set(this, all);
  },
);

Then('each gets a 100', function (this: ConformanceWorld) {
  must(ofEach(shownTryings(this), tryingCame));
});

Then('each gets a 100 in form', function (this: ConformanceWorld) {
  const all = shownTryings(this);
  const without = all.find((one) => !tryingCame(one).ok);
  if (without) throw new BrokenPrecondition('sip.transaction.trying', `${without.name}: no 100 came first`);
  must(ofEach(all, tryingInForm));
});

function shownTryings(world: ConformanceWorld): readonly Trying[] {
  const all = of(tryings, world);
  for (const { name, invite, trying } of all) show(world, name, trying ? [invite, trying] : [invite]);
  return all;
}

/** Rule: sip.cancel.downstream. */
When(
  /^calls with its password ring, by INVITEs (?:written )?with$/,
  async function (this: ConformanceWorld, table: DataTable) {
    ringing.set(this, await callsMade(this, { status: 180, course: 'ring' }, table));
  },
);

When('the caller gives up each of them', async function (this: ConformanceWorld) {
  const all = of(ringing, this).map(async ({ name, call }): Promise<HopByHop> => {
    await call.cancel();
    const { caller, dialog } = call;
    const delivered = (await deliveredUntil(caller, [dialog.callId], (some) => some.some(isCancel))) ?? [];
    const invite = delivered.find(({ method }) => method === 'INVITE');
    if (!invite) throw new HarnessError(`${name}: it rings, and was not delivered`);
    return { name, invite, came: delivered.filter(isCancel) };
  });
  cancelled.set(this, await Promise.all(all));
});

const RINGING = '180 Ringing';

/**
 * Gives up a re-INVITE when the called side has answered so, or before it rings, and ends it.
 *
 * @param first the status line of its first answer; absent: it gives none before the CANCEL has come to the service
 */
async function givenUp(
  told: ToldCall,
  lines: RawLines,
  first?: string,
): Promise<{ readonly hop: HopByHop; readonly meanwhile: readonly WireMessage[] }> {
  const { call, called } = told;
  const invite = await told.ask(lines);
  const cancel = cancelLines(lines);
  if (first !== undefined) {
    called.send(responseTo(invite, first, []), invite.source);
    // A 100 goes no further.
    if (!first.startsWith('100 ')) await told.answer(lines, Number.parseInt(first, 10));
  }
  call.caller.send(written(cancel));
  await told.answer(cancel, 200);
  const { passedOn = [] } = await call.passedOn();
  if (first === undefined) called.send(responseTo(invite, RINGING, []), invite.source);
  const came = await told.next('CANCEL', lines);
  if (came) called.send(responseTo(came, '200 OK', []), came.source);
  called.send(responseTo(invite, '487 Request Terminated', []), invite.source);
  await told.answer(lines, 487);
  return { hop: { name: first ?? 'no answer yet', invite, came: came ? [came] : [] }, meanwhile: passedOn };
}

When(
  'the caller changes the session, and gives up when the called side rings, with Route',
  async function (this: ConformanceWorld, table: DataTable) {
    const told = toldCallOf(this);
    const all: HopByHop[] = [];
    for (const [form] of table.raw()) {
      const { hop } = await givenUp(told, told.reinvite(form), RINGING);
      all.push({ ...hop, name: `Route ${form}` });
    }
    cancelled.set(this, all);
  },
);

When(
  'the caller changes the session, and gives up when the called side has answered with',
  async function (this: ConformanceWorld, table: DataTable) {
    const told = toldCallOf(this);
    const all: HopByHop[] = [];
    for (const [first] of table.raw()) all.push((await givenUp(told, told.reinvite(), first)).hop);
    cancelled.set(this, all);
  },
);

When(
  'the caller changes the session, and gives up before the called side rings',
  async function (this: ConformanceWorld) {
    const told = toldCallOf(this);
    const { hop, meanwhile } = await givenUp(told, told.reinvite());
    cancelled.set(this, [hop]);
    sentMeanwhile.set(this, meanwhile);
  },
);

Then('no CANCEL comes before the called side has rung', function (this: ConformanceWorld) {
  must(heldBack(of(sentMeanwhile, this)));
});

Then('the CANCEL of each fits its INVITE', function (this: ConformanceWorld) {
  const all = of(cancelled, this);
  for (const { name, invite, came } of all) show(this, name, [invite, ...came]);
  must(ofEach(all, cancelFits));
});

/** Rule: sip.ack.proxy. */
When(
  'the caller changes the session, and the called side refuses twice, with',
  async function (this: ConformanceWorld, table: DataTable) {
    const told = toldCallOf(this);
    const all: HopByHop[] = [];
    for (const [statusLine = '', form] of table.raw()) {
      const lines = told.reinvite(form);
      const invite = await told.ask(lines);
      const refusal = responseTo(invite, statusLine, []);
      const came: WireMessage[] = [];
      for (let time = 0; time < 2; time++) {
        told.called.send(refusal, invite.source);
        const ack = await told.next('ACK', lines, came);
        if (ack) came.push(ack);
      }
      const answer = messageIn(Buffer.from(refusal, 'latin1'), told.called.local, invite.source);
      all.push({ name: statusLine, invite, refusal: answer, came });
    }
    refused.set(this, all);
  },
);

Then('the ACK to each refusal fits it, and comes as often', function (this: ConformanceWorld) {
  const all = of(refused, this);
  for (const { name, invite, came } of all) show(this, name, [invite, ...came]);
  must(ofEach(all, (one) => acksFit(one, 2)));
});

Then('the ACK to each refusal of the voice platform fits it', async function (this: ConformanceWorld) {
  const caller = await this.rawCaller();
  const all = this.lastRound.map(async ({ name, callIds }): Promise<HopByHop> => {
    const delivered = (await deliveredUntil(caller, callIds, (some) => some.some(isAck))) ?? [];
    const invite = delivered.find(({ method }) => method === 'INVITE');
    const refusal = delivered.find(({ status = 0 }) => status >= 300);
    if (!invite) throw new BrokenPrecondition('sip.auth.accepted', `${name}: the INVITE was not delivered`);
    return { name, invite, refusal, came: delivered.filter(isAck) };
  });
  must(ofEach(await Promise.all(all), (one) => acksFit(one, 1)));
});

function show(world: ConformanceWorld, name: string, messages: readonly WireMessage[]): void {
  const text = messages.map((message) => message.text).join('\n');
  world.attach(text, { mediaType: 'text/plain', fileName: `${name}.txt` });
}
