import { Then, When, type DataTable } from '@cucumber/cucumber';

import type { WireMessage } from '../../harness/capture/sip_messages.ts';
import { nothingSmuggled, succeeded, turnedAway, withoutCredentials } from '../../harness/expect/attempts.ts';
import { must, ofEach } from '../../harness/expect/match.ts';
import type { Attempt } from '../../harness/traffic/attempt.ts';
import { cancelLines, dialogLines, RawCall, responseTo } from '../../harness/traffic/raw_call.ts';
import type { RawCaller } from '../../harness/traffic/raw_caller.ts';
import type { RawLines } from '../../harness/traffic/raw_request.ts';
import { HarnessError, RuleViolation } from '../../harness/verdict.ts';
import type { ConformanceWorld } from '../world.ts';
import { SMUGGLED } from './headers.ts';
import { knockLines, nonceFor, octetsIn, type Course } from './knock.ts';

const calls = new WeakMap<ConformanceWorld, RawCall>();
const pretended = new WeakMap<ConformanceWorld, readonly Attempt[]>();
const sentToCallers = new WeakMap<ConformanceWorld, readonly WireMessage[]>();

/** The scenario's call that was made by hand. */
export function callOf(world: ConformanceWorld): RawCall {
  const call = calls.get(world);
  if (!call) throw new HarnessError('no call was made by hand');
  return call;
}

/** From now on, this is the scenario's call. */
export function isCallOf(world: ConformanceWorld, call: RawCall): void {
  calls.set(world, call);
}

/** Makes the scenario's call by hand, up to this answer. `acknowledges` is false: its 200 is not acknowledged yet. */
export async function callByHand(
  world: ConformanceWorld,
  status: 180 | 200,
  course: Course,
  acknowledges = true,
): Promise<void> {
  const caller = await world.rawCaller();
  // No witness is waited for: on a busy machine the nonce would grow old meanwhile.
  const nonce = await nonceFor(world, caller, 'unseen');
  const lines = knockLines(world, caller, { nonce }, course);
  calls.set(world, await RawCall.until(status, caller, lines, { acknowledges }));
}

/** Rules: hard.dialog.hijack, hard.dialog.token, hard.headers.smuggling, sip.disabled.established. */
When('a call with its password is answered', async function (this: ConformanceWorld) {
  await callByHand(this, 200, 'answer');
});

/** Rule: hard.dialog.hijack. */
When('a call with its password rings', async function (this: ConformanceWorld) {
  await callByHand(this, 180, 'ring');
});

/** Rule: hard.headers.smuggling. */
When(
  'the caller sends re-INVITE, ACK and BYE with these headers',
  async function (this: ConformanceWorld, table: DataTable) {
    const ours = callOf(this);
    const headers = table.raw().flat().map(octetsIn);
    must(succeeded(await ours.ask('INVITE', headers), "the caller's re-INVITE"));
    must(succeeded(await ours.ask('BYE', headers), "the caller's BYE"));
  },
);

Then('nothing of them is smuggled through in re-INVITE, ACK or BYE', async function (this: ConformanceWorld) {
  must(nothingSmuggled(await callOf(this).passedOn(), SMUGGLED));
});

const GUESSED = 'guessed';

/** A request of the call as somebody else writes it. */
const PRETENCES: Readonly<Record<string, (call: RawCall, as: RawCaller, method: string) => RawLines>> = {
  'with its tags and Route': ({ dialog }, as, method) => dialogLines(as, dialog, method, 77),
  'with its tags, without Route': ({ dialog }, as, method) =>
    dialogLines(as, { ...dialog, routes: [] }, method, 77),
  'with its tags the other way round'({ dialog, invite }, as, method) {
    const lines = dialogLines(as, dialog, method, 77);
    return { ...lines, from: `From: ${dialog.remote}`, to: invite.from.replace('From', 'To') };
  },
  'with a guessed To tag'({ dialog }, as, method) {
    const remote = dialog.remote.replace(/tag=.*/, `tag=${GUESSED}`);
    return dialogLines(as, { ...dialog, remote }, method, 77);
  },
  'with a guessed From tag': ({ dialog }, as, method) =>
    dialogLines(as, { ...dialog, callerTag: GUESSED }, method, 77),
  'with a guessed To tag, to the application'({ dialog, invite }, as, method) {
    const to = `${invite.to.replace('To: ', '')};tag=${GUESSED}`;
    return as.lines({
      method,
      uri: invite.uri,
      to,
      cseq: 77,
      callId: dialog.callId,
      others: ['Subject: reject'],
    });
  },
  'with guessed tags'({ dialog }, as, method) {
    const remote = dialog.remote.replace(/tag=.*/, `tag=${GUESSED}`);
    return dialogLines(as, { ...dialog, remote, callerTag: GUESSED }, method, 77);
  },
  'of its INVITE': ({ invite }) => cancelLines(invite),
  'with a guessed branch'({ invite }) {
    const lines = cancelLines(invite);
    return { ...lines, via: lines.via.replace(/branch=\w+/, `branch=z9hG4bK${GUESSED}`) };
  },
};

async function pretend(world: ConformanceWorld, from: string, table: DataTable): Promise<void> {
  const known = callOf(world);
  const all: Attempt[] = [];
  for (const [method = '', how = ''] of table.raw()) {
    const lines = PRETENCES[how];
    if (!lines) throw new HarnessError(`no way to pretend is called "${how}"`);
    // Each from a port of its own: their answers all have the call's Call-ID.
    const as = await world.rawCaller(from);
    all.push(...(await world.attempt(as, { [`${method} ${how}`]: lines(known, as, method) })));
  }
  pretended.set(world, all);
}

/** Rules: hard.dialog.hijack, sip.dialog.auth, sip.dialog.in-route. */
When(
  'the {customer} sends these requests of that call',
  async function (this: ConformanceWorld, customer: string, table: DataTable) {
    await pretend(this, this.addressOf(customer), table);
  },
);

When(
  "the caller's address sends these requests of that call",
  async function (this: ConformanceWorld, table: DataTable) {
    await pretend(this, callOf(this).caller.local.address, table);
  },
);

When(
  'the caller gives up, and then sends a re-INVITE and a BYE, with and without Route',
  async function (this: ConformanceWorld) {
    const ours = callOf(this);
    await giveUp(ours);
    const all: Attempt[] = [];
    for (const method of ['INVITE', 'BYE']) {
      const as = await this.rawCaller(ours.caller.local.address);
      const [along, without] = [ours.dialog, { ...ours.dialog, routes: [] }].map((dialog) =>
        dialogLines(as, dialog, method, 77),
      );
      const forms = {
        [`${method} after CANCEL`]: along!,
        [`${method} after CANCEL, without Route`]: without!,
      };
      all.push(...(await this.attempt(as, forms)));
    }
    pretended.set(this, all);
  },
);

async function giveUp(ringing: RawCall): Promise<void> {
  const [toCancel, toInvite] = await ringing.cancel();
  must(succeeded(toCancel, 'the CANCEL'));
  if (toInvite?.status !== 487)
    throw new RuleViolation(['487 to the INVITE'], toInvite?.startLine ?? 'no final answer');
}

Then('each is answered with 481, and passed on to nobody', function (this: ConformanceWorld) {
  must(ofEach(pretended.get(this) ?? [], (attempt) => turnedAway(attempt, [481])));
});

/** Rule: sip.dialog.auth. */
Then('each is challenged or answered with 481, and passed on to nobody', function (this: ConformanceWorld) {
  must(ofEach(pretended.get(this) ?? [], (attempt) => turnedAway(attempt, [407, 481])));
});

Then('the caller can still change the session, and end the call', async function (this: ConformanceWorld) {
  const ours = callOf(this);
  must(succeeded(await ours.ask('INVITE'), "the caller's re-INVITE"));
  must(succeeded(await ours.ask('BYE'), "the caller's BYE"));
});

Then('the caller can still give up', async function (this: ConformanceWorld) {
  await giveUp(callOf(this));
});

const REALMS: Readonly<Record<string, (world: ConformanceWorld) => string>> = {
  "the service's realm": ({ parameters }) => `realm="${parameters.descriptor.realm}", `,
  'another realm': () => 'realm="elsewhere.example", ',
  'no realm': () => '',
};

/** Rule: hard.digest.leak. */
When(
  /^calls with its password are answered, and the caller challenges the (BYE|re-INVITE) that comes$/,
  async function (this: ConformanceWorld, request: string, table: DataTable) {
    const [course, method] =
      request === 'BYE' ? (['hang-up', 'BYE'] as const) : (['re-invite', 'INVITE'] as const);
    const nonce = await nonceFor(this, await this.rawCaller());
    const challenged = table.raw().map(async ([status, name, realm = '']) => {
      const caller = await this.rawCaller();
      const { dialog } = await RawCall.until(200, caller, knockLines(this, caller, { nonce }, course));
      const came = await caller.until((message) => message.method === method);
      if (!came) throw new RuleViolation([`a ${request} from the voice platform`], 'none');
      const challenge = `${name}: Digest ${REALMS[realm]?.(this)}nonce="abcdef0123456789", qop="auth", algorithm=MD5`;
      caller.send(responseTo(came, `${status} Unauthorized`, [challenge]));
      return caller.requests(dialog.callId);
    });
    sentToCallers.set(this, (await Promise.all(challenged)).flat());
  },
);

Then('the caller is never sent any credentials', function (this: ConformanceWorld) {
  must(withoutCredentials(sentToCallers.get(this) ?? []));
});
