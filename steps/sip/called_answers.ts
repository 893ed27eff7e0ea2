import { Then, When, type DataTable } from '@cucumber/cucumber';

import { finalOf, gotThrough } from '../../harness/expect/attempts.ts';
import { saidAsWas, type Said } from '../../harness/expect/called_answers.ts';
import { must, ofEach } from '../../harness/expect/match.ts';
import { cancelLines, responseTo } from '../../harness/traffic/raw_call.ts';
import { written, type RawLines } from '../../harness/traffic/raw_request.ts';
import { BrokenPrecondition, HarnessError } from '../../harness/verdict.ts';
import { knockLines, nonceFor } from '../hard/knock.ts';
import type { ConformanceWorld } from '../world.ts';
import { toldCallOf, type ToldCall } from './told_call.ts';

const answers = new WeakMap<ConformanceWorld, readonly Said[]>();

/** A text as a SIP message has it: an octet a character. */
function octets(text: string): string {
  return Buffer.from(text).toString('latin1');
}

/** The called side's answer to a request of the caller that it got as `came`. */
function say(told: ToldCall, statusLine: string, came: Awaited<ReturnType<ToldCall['ask']>>): void {
  const contact = `Contact: <${told.call.dialog.target}>`;
  told.called.send(responseTo(came, statusLine, [contact]), came.source);
}

/** Rule: sip.response.forwarding. */
When(
  'it is called with its password, and the called side says',
  async function (this: ConformanceWorld, table: DataTable) {
    const said = table.raw().map(async ([name = '']): Promise<Said> => {
      const caller = await this.rawCaller();
      const nonce = await nonceFor(this, caller, 'unseen');
      const invite: RawLines = knockLines(this, caller, { nonce }, `say ${octets(name)}`);
      const [attempt] = await caller.attempt({ [name]: invite });
      if (attempt && !gotThrough(attempt).ok)
        throw new BrokenPrecondition('sip.auth.accepted', `${name}: the INVITE was not delivered`);
      return { name, statusLine: octets(name), answer: finalOf(attempt) };
    });
    answers.set(this, await Promise.all(said));
  },
);

When(
  'the caller changes the session, and the called side says',
  async function (this: ConformanceWorld, table: DataTable) {
    const told = toldCallOf(this);
    const said: Said[] = [];
    for (const [name = ''] of table.raw()) {
      const lines = told.reinvite();
      say(told, octets(name), await told.ask(lines));
      said.push({ name, statusLine: octets(name), answer: await told.answer(lines, 200) });
    }
    answers.set(this, said);
  },
);

When(
  /^the caller changes the session and gives up, but the called side says (200 .+)$/,
  async function (this: ConformanceWorld, statusLine: string) {
    const told = toldCallOf(this);
    const lines = told.reinvite();
    const cancel = cancelLines(lines);
    const invite = await told.ask(lines);
    told.called.send(responseTo(invite, '180 Ringing', []), invite.source);
    await told.answer(lines, 180);
    told.call.caller.send(written(cancel));
    await told.answer(cancel, 200);
    const came = await told.next('CANCEL', lines);
    if (came) told.called.send(responseTo(came, '200 OK', []), came.source);
    say(told, statusLine, invite);
    const answer = await told.answer(lines, 200);
    if (answer?.status === 200) told.call.acknowledge();
    answers.set(this, [{ name: statusLine, statusLine, answer }]);
  },
);

Then('the caller is told what the called side said', function (this: ConformanceWorld) {
  const said = answers.get(this);
  if (said === undefined) throw new HarnessError('the called side has said nothing');
  must(ofEach(said, saidAsWas));
});
