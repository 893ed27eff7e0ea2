import { Then, When } from '@cucumber/cucumber';

import type { WireMessage } from '../../harness/capture/sip_messages.ts';
import { succeeded } from '../../harness/expect/attempts.ts';
import { deliveredOnce } from '../../harness/expect/deliveries.ts';
import { must, ofEach } from '../../harness/expect/match.ts';
import { answeredAlike, refusedOnce } from '../../harness/expect/transactions.ts';
import { isAnswerTo, isFinalOf } from '../../harness/traffic/attempt.ts';
import { RawCall } from '../../harness/traffic/raw_call.ts';
import type { RawCaller } from '../../harness/traffic/raw_caller.ts';
import { written, type RawLines } from '../../harness/traffic/raw_request.ts';
import { RuleViolation } from '../../harness/verdict.ts';
import { inviteLines, knockLines, nonceFor } from '../hard/knock.ts';
import type { ConformanceWorld } from '../world.ts';
import { WRONG_PASSWORD } from './dial.ts';

function repeatedInVain(answer: WireMessage | undefined): RuleViolation {
  return new RuleViolation(
    ['200 to the repeated INVITE'],
    answer?.startLine ?? 'no final answer',
    'the wire',
  );
}

type Credentials = 'without credentials' | 'with a wrong password' | 'with its password';

async function inviteWith(
  world: ConformanceWorld,
  caller: RawCaller,
  credentials: Credentials,
): Promise<RawLines> {
  if (credentials === 'without credentials') return inviteLines(world, caller);
  const nonce = await nonceFor(world, caller, 'unseen');
  const wrong = credentials === 'with a wrong password' ? { password: WRONG_PASSWORD } : {};
  return knockLines(world, caller, { nonce, count: 1, ...wrong });
}

/**
 * The INVITE goes out a second time, octet for octet, while its server transaction still waits for more ACKs (RFC 3261
 * section 17.2.1). A service that has answered a new INVITE after it is past it.
 * Rule: sip.transaction.retransmit.
 */
When(
  /^it is called (without credentials|with a wrong password|with its password), and the INVITE comes once more after the ACK of its refusal$/,
  async function (this: ConformanceWorld, credentials: Credentials) {
    // The other callers may have used up what strangers of their prefix get, and then a refusal is not remembered.
    const caller = await this.rawCaller(this.bench.anonymousAddress(this.randomness));
    const invite = await inviteWith(this, caller, credentials);
    caller.send(written(invite));
    await caller.until((message) => isFinalOf(message, invite.callIds));
    caller.send(written(invite));
    await nonceFor(this, caller, 'unseen');
    await this.keep(caller, 'an INVITE that comes again', invite);
  },
);

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

Then('no INVITE got another refusal than the first', function (this: ConformanceWorld) {
  must(ofEach(this.lastRound, refusedOnce));
});
