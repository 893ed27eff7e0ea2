import { Then, When, type DataTable } from '@cucumber/cucumber';

import { stoppedOrKeptAlive } from '../../harness/expect/attempts.ts';
import { deliveredOneHopLess } from '../../harness/expect/deliveries.ts';
import { must, ofEach } from '../../harness/expect/match.ts';
import type { Attempt } from '../../harness/traffic/attempt.ts';
import { dialogLines } from '../../harness/traffic/raw_call.ts';
import type { RawCaller } from '../../harness/traffic/raw_caller.ts';
import { withHops, written, type RawLines } from '../../harness/traffic/raw_request.ts';
import { HarnessError } from '../../harness/verdict.ts';
import { callOf } from '../hard/calls.ts';
import { inviteLines, knockLines, nonceFor } from '../hard/knock.ts';
import type { ConformanceWorld } from '../world.ts';
import { WRONG_PASSWORD } from './dial.ts';

/** An INVITE by what it proves itself with, as a feature names it. */
const KNOCKS: Readonly<Record<string, (world: ConformanceWorld, caller: RawCaller) => Promise<RawLines>>> = {
  'no credentials': async (world, caller) => inviteLines(world, caller),
  'its password': async (world, caller) =>
    knockLines(world, caller, { nonce: await nonceFor(world, caller, 'unseen') }),
  'a wrong password': async (world, caller) =>
    knockLines(world, caller, {
      nonce: await nonceFor(world, caller, 'unseen'),
      password: WRONG_PASSWORD,
    }),
};

async function knock(world: ConformanceWorld, caller: RawCaller, how: string): Promise<RawLines> {
  const make = KNOCKS[how];
  if (!make) throw new HarnessError(`no INVITE is called one with "${how}"`);
  return make(world, caller);
}

/** Rule: sip.hops. */
When('INVITEs come with Max-Forwards 0, and with', async function (this: ConformanceWorld, table: DataTable) {
  const caller = await this.rawCaller();
  const invites: Record<string, RawLines> = {};
  for (const [how = ''] of table.raw()) invites[how] = withHops(await knock(this, caller, how), '0');
  await this.attempt(caller, invites);
});

When('OPTIONS comes with Max-Forwards 0', async function (this: ConformanceWorld) {
  const { host, port } = this.parameters.place.sip;
  const caller = await this.rawCaller();
  const uri = `sip:${host}:${port}`;
  const lines = caller.lines({ method: 'OPTIONS', uri, to: `<${uri}>` });
  await this.attempt(caller, { 'OPTIONS with Max-Forwards 0': withHops(lines, '0') });
});

When(
  'the caller sends INVITE, INFO and BYE of that call with Max-Forwards 0',
  async function (this: ConformanceWorld) {
    const { dialog, caller } = callOf(this);
    // From another port of its address: the answers of the call have the same Call-ID.
    const as = await this.rawCaller(caller.local.address);
    const requests = ['INVITE', 'INFO', 'BYE'].map((method, index) => {
      const lines = dialogLines(as, dialog, method, 77 + index);
      return [method, withHops(lines, '0')] as const;
    });
    await this.attempt(as, Object.fromEntries(requests));
  },
);

Then('it is answered with 483, or with 200 {string}', function (this: ConformanceWorld, reason: string) {
  must(ofEach(this.lastRound, (attempt) => stoppedOrKeptAlive(attempt, reason)));
});

/** Rule: sip.hops.decrement. */
When(
  'INVITEs come with its password, and with Max-Forwards',
  async function (this: ConformanceWorld, table: DataTable) {
    const caller = await this.rawCaller();
    const invites: Record<string, RawLines> = {};
    for (const [hops = ''] of table.raw())
      invites[`Max-Forwards ${hops}`] = withHops(await knock(this, caller, 'its password'), hops);
    await this.attempt(caller, invites);
  },
);

When(
  'the caller changes the session, with Max-Forwards',
  async function (this: ConformanceWorld, table: DataTable) {
    const call = callOf(this);
    const reinvites: (readonly [name: string, lines: RawLines])[] = [];
    for (const [hops = ''] of table.raw()) {
      const lines = withHops(call.lines('INVITE'), hops);
      await call.answerTo(lines);
      reinvites.push([`Max-Forwards ${hops}`, lines]);
    }
    const { delivered = [] } = await call.passedOn();
    const { callIds } = call.invite;
    const round = reinvites.map(([name, lines]): Attempt => {
      const ofIt = delivered.filter((message) => message.header('CSeq') === lines.cseq.replace('CSeq: ', ''));
      const unseen = { answers: [], passedOn: undefined, afterwards: undefined };
      return { name, sent: written(lines), callIds, delivered: ofIt, ...unseen };
    });
    this.exchanges.push({ kind: 'round', result: round });
  },
);

Then('each reaches the voice platform with one hop less, or with 70', function (this: ConformanceWorld) {
  must(ofEach(this.lastRound, deliveredOneHopLess));
});
