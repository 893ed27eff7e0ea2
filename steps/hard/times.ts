import { Given, Then, When } from '@cucumber/cucumber';

import { createEnabledApplication, patchApplication } from '../../harness/clients/application.ts';
import { must } from '../../harness/expect/match.ts';
import { answersAlike, noneSlower, timesAlike } from '../../harness/expect/times.ts';
import type { RawCaller } from '../../harness/traffic/raw_caller.ts';
import type { RawLines } from '../../harness/traffic/raw_request.ts';
import {
  timedRounds,
  type ExpectedAnswer,
  type RoundMaker,
  type TimedKind,
} from '../../harness/traffic/timed.ts';
import { HarnessError } from '../../harness/verdict.ts';
import { userOf, WRONG_PASSWORD } from '../sip/dial.ts';
import type { ConformanceWorld } from '../world.ts';
import { authorization, inTheFormOf, inviteLines, renewedNonce, withOtherDigits } from './knock.ts';

const timed = new WeakMap<ConformanceWorld, readonly TimedKind[]>();

function kindsOf(world: ConformanceWorld): readonly TimedKind[] {
  const kinds = timed.get(world);
  if (!kinds) throw new HarnessError('nothing was timed');
  return kinds;
}

/** Times the rounds, and attaches what each took. */
async function time(
  world: ConformanceWorld,
  rounds: number,
  caller: RawCaller,
  make: RoundMaker,
  expected?: ExpectedAnswer,
): Promise<void> {
  const kinds = await timedRounds(rounds, make, caller, world.randomness, expected);
  timed.set(world, kinds);
  const table = kinds.map(({ name, times }) => `${name}\n${times.map((ms) => ms.toFixed(3)).join(' ')}`);
  world.attach(table.join('\n\n'), { mediaType: 'text/plain', fileName: 'times.txt' });
}

Given(
  'another voice application with password authentication that was switched off',
  async function (this: ConformanceWorld) {
    const application = await createEnabledApplication(this.api, { passwordAuthEnabled: true });
    this.applications.push(application);
    await patchApplication(this.api, application, { inboundSipCallsEnabled: false });
  },
);

/** Rule: hard.auth.enumeration. */
When(
  'they and an application that does not exist are called with a wrong password, in turn {int} times',
  async function (this: ConformanceWorld, rounds: number) {
    const caller = await this.rawCaller();
    const renew = renewedNonce(this, caller);
    const here = userOf(this, this.application);
    await time(this, rounds, caller, async () => {
      const nonce = await renew();
      const call = (user: string): RawLines => {
        const credentials = { nonce, user, password: WRONG_PASSWORD };
        const lines = inviteLines(this, caller, 'reject', user);
        return { ...lines, others: [...lines.others, authorization(this, credentials)] };
      };
      return {
        'a wrong password': call(here),
        'an application that is off': call(userOf(this, this.otherApplication)),
        'an application that does not exist': call(inTheFormOf(here, this.randomness)),
      };
    });
  },
);

When(
  "the first is called with the other's name and with one that nobody has, in turn {int} times",
  async function (this: ConformanceWorld, rounds: number) {
    const caller = await this.rawCaller();
    const renew = renewedNonce(this, caller);
    const other = userOf(this, this.otherApplication);
    await time(this, rounds, caller, async () => {
      const nonce = await renew();
      const call = (user: string): RawLines => {
        const lines = inviteLines(this, caller);
        const credentials = authorization(this, { nonce, user, password: WRONG_PASSWORD });
        return { ...lines, others: [...lines.others, credentials] };
      };
      return {
        'the name of another application': call(other),
        'a name that nobody has': call(inTheFormOf(other, this.randomness)),
      };
    });
  },
);

/** Rule: hard.auth.timing. */
When(
  'it is called with a digest of which {int} leading digits are right and with one of which none is, in turn {int} times',
  async function (this: ConformanceWorld, digits: number, rounds: number) {
    const caller = await this.rawCaller();
    const renew = renewedNonce(this, caller);
    const make: RoundMaker = async () => {
      const nonce = await renew();
      const call = (right: number): RawLines => {
        const lines = inviteLines(this, caller);
        return {
          ...lines,
          others: [...lines.others, withOtherDigits(authorization(this, { nonce }), right)],
        };
      };
      return { [`${digits} right digits`]: call(digits), 'no right digit': call(0) };
    };
    // Another answer than a refusal is one to a nonce that has grown old, whose digest is not looked at in the same way.
    await time(this, rounds, caller, make, { status: 401, rule: 'sip.auth.wrong-password' });
  },
);

/** Strings that look like integers, and whose hashes share their lower bits where the integer is the hash. */
function integer(index: number): string {
  return String(index * 65_536);
}

/** As long as an integer of those, and no integer. */
function letters(world: ConformanceWorld): string {
  return `a${world.randomness.hex(4)}`;
}

const FLOODS: Readonly<
  Record<string, (lines: RawLines, name: (index: number) => string) => Partial<RawLines>>
> = {
  'Call-IDs'(_lines, name) {
    const callId = name(0);
    return { callId: `Call-ID: ${callId}`, callIds: [callId] };
  },
  'From tags': ({ from }, name) => ({ from: from.replace(/tag=.*/, `tag=${name(0)}`) }),
  branches: ({ via }, name) => ({ via: via.replace(/z9hG4bK\w+/, `z9hG4bK${name(0)}`) }),
  '200 header names': ({ others }, name) => ({
    others: [...others, ...Array.from({ length: 200 }, (_, index) => `${name(index)}: a`)],
  }),
  '200 parameters': ({ from }, name) => ({
    from: from.replace('>', `${Array.from({ length: 200 }, (_, index) => `;${name(index)}=a`).join('')}>`),
  }),
};

/** Rule: hard.hash-flooding. */
When(
  /^it is called with (.+) like integers and with random ones, in turn (\d+) times$/,
  async function (this: ConformanceWorld, what: string, rounds: string) {
    const flood = FLOODS[what];
    if (!flood) throw new HarnessError(`no flood is called "${what}"`);
    const caller = await this.rawCaller();
    let next = this.randomness.integer(1, 10_000);
    await time(this, Number(rounds), caller, async () => {
      const start = next++;
      const call = (name: (index: number) => string): RawLines => {
        const lines = inviteLines(this, caller);
        return { ...lines, ...flood(lines, name) };
      };
      return { integers: call((index) => integer(start + index)), random: call(() => letters(this)) };
    });
  },
);

Then('the answers cannot be told apart', function (this: ConformanceWorld) {
  must(answersAlike(kindsOf(this)));
});

Then('none takes {int} times as long as another', function (this: ConformanceWorld, factor: number) {
  must(timesAlike(kindsOf(this), factor));
});

Then('neither is the slower one', function (this: ConformanceWorld) {
  must(noneSlower(kindsOf(this)));
});

Then(
  'in the later half neither takes {int} times as long as the other',
  function (this: ConformanceWorld, factor: number) {
    must(timesAlike(kindsOf(this), factor, 0.5));
  },
);
