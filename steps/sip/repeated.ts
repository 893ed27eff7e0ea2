import { Then, When } from '@cucumber/cucumber';

import type { WireMessage } from '../../harness/capture/sip_messages.ts';
import { succeeded } from '../../harness/expect/attempts.ts';
import { deliveredOnce } from '../../harness/expect/deliveries.ts';
import { must, ofEach } from '../../harness/expect/match.ts';
import { answeredAlike } from '../../harness/expect/transactions.ts';
import { isAnswerTo } from '../../harness/traffic/attempt.ts';
import { RawCall } from '../../harness/traffic/raw_call.ts';
import { written } from '../../harness/traffic/raw_request.ts';
import { RuleViolation } from '../../harness/verdict.ts';
import { knockLines, nonceFor } from '../hard/knock.ts';
import type { ConformanceWorld } from '../world.ts';

function repeatedInVain(answer: WireMessage | undefined): RuleViolation {
  return new RuleViolation(
    ['200 to the repeated INVITE'],
    answer?.startLine ?? 'no final answer',
    'the wire',
  );
}

/**
 * The INVITE goes out a second time when the first has been answered provisionally, octet for octet: SIPp would take each
 * answer for a reason to send it once more.
 * Rule: sip.transaction.retransmit.
 */
When(
  'it is called with its password, the INVITE comes twice, and the caller hangs up',
  async function (this: ConformanceWorld) {
    const caller = await this.rawCaller();
    const nonce = await nonceFor(this, caller, 'unseen');
    const invite = knockLines(this, caller, { nonce, count: 1 }, 'slow');
    caller.send(written(invite));
    await caller.until((message) => isAnswerTo(message, invite.callIds));
    const call = await RawCall.until(200, caller, invite, { otherwise: repeatedInVain });
    must(succeeded(await call.ask('BYE'), "the caller's BYE"));
    await this.keep(caller, 'an INVITE that comes twice', invite);
  },
);

Then('the INVITE reached the voice platform once', function (this: ConformanceWorld) {
  must(ofEach(this.lastRound, deliveredOnce));
});

Then('both INVITEs got the same answer', function (this: ConformanceWorld) {
  must(ofEach(this.lastRound, answeredAlike));
});
