import { Then, When } from '@cucumber/cucumber';

import { challengedAnew, gotThrough, keptOut } from '../../harness/expect/attempts.ts';
import { must } from '../../harness/expect/match.ts';
import type { Randomness } from '../../harness/randomness.ts';
import type { Attempt, RawCaller } from '../../harness/traffic/raw_caller.ts';
import { HarnessError } from '../../harness/verdict.ts';
import { WRONG_PASSWORD } from '../sip/dial.ts';
import type { ConformanceWorld } from '../world.ts';
import { authorization, inviteLines, knock, nonceFor } from './knock.ts';

const DIGITS = '0123456789';
const LETTERS = 'abcdefghijklmnopqrstuvwxyz';
const ALPHABETS = [DIGITS, 'abcdef', LETTERS, LETTERS.toUpperCase()];

/** The character after this one in its alphabet, so that the nonce keeps its form. */
function nextTo(character: string): string {
  const alphabet = ALPHABETS.find((one) => one.includes(character)) ?? DIGITS;
  return alphabet[(alphabet.indexOf(character) + 1) % alphabet.length] ?? '0';
}

function changedAt(nonce: string, index: number): string {
  return nonce.slice(0, index) + nextTo(nonce[index] ?? '0') + nonce.slice(index + 1);
}

function otherCase(nonce: string): string {
  return nonce.replaceAll(/[a-z]/gi, (one) =>
    one === one.toLowerCase() ? one.toUpperCase() : one.toLowerCase(),
  );
}

/** Random characters: letters and digits stay letters and digits of the same kind, everything else stays. */
function inTheFormOf(nonce: string, randomness: Randomness): string {
  return nonce.replaceAll(/[a-z0-9]/gi, (character) => {
    const alphabet = ALPHABETS.find((one) => one.includes(character));
    return alphabet?.[randomness.integer(0, alphabet.length)] ?? character;
  });
}

function withTheTime(nonce: string, randomness: Randomness): string {
  const octets = Buffer.alloc(Math.ceil((nonce.length * 3) / 4));
  Buffer.from(randomness.hex(32), 'hex').copy(octets, 6);
  octets.writeUIntBE(Date.now(), 0, 6);
  return octets.toString('base64url').slice(0, nonce.length);
}

/** Nonces that nobody issued, each made from one that was. */
const FOREIGN: Readonly<Record<string, (issued: string, randomness: Randomness) => string>> = {
  'an issued nonce with another beginning': (issued) => changedAt(issued, 0),
  'an issued nonce with another character in the middle': (issued) => changedAt(issued, issued.length >> 1),
  // The very last character of base64 may have bits that mean nothing.
  'an issued nonce with another character near its end': (issued) => changedAt(issued, issued.length - 4),
  'an issued nonce in the other case': otherCase,
  'an issued nonce with one character less': (issued) => issued.slice(0, -1),
  'an issued nonce with one character more': (issued) => `${issued}A`,
  'an issued nonce twice': (issued) => issued + issued,
  'random characters in the form of an issued nonce': inTheFormOf,
  'the time and random characters in the form of a nonce': withTheTime,
  // That of RFC 2617 section 3.5, whose realm is testrealm@host.com.
  'the nonce of another realm': () => 'dcd98b7102dd2f0e8b11d0f600bfb0c093',
  'a short nonce': () => 'A',
  'an empty nonce': () => '',
  'a nonce of 8,000 characters': (issued) => issued.repeat(8_000).slice(0, 8_000),
};

/** Who calls, and the nonces that were seen: the first one was issued. */
interface Seen {
  readonly caller: RawCaller;
  readonly nonces: readonly string[];
}

const seen = new WeakMap<ConformanceWorld, Seen>();

function seenBy(world: ConformanceWorld): Seen {
  const known = seen.get(world);
  if (!known) throw new HarnessError('no challenge was asked for');
  return known;
}

/** Opens a caller that is challenged; `further` makes more nonces of the one issued, which no challenge may bring. */
async function challengedCaller(
  world: ConformanceWorld,
  further: (issued: string) => readonly string[] = () => [],
): Promise<Seen> {
  const caller = await world.rawCaller();
  const issued = await nonceFor(world, caller);
  const known = { caller, nonces: [issued, ...further(issued)] };
  seen.set(world, known);
  return known;
}

/** Rule: hard.digest.foreign-nonce. */
When(
  /^a call answers (an? .+|random .+|the .+) with its password$/,
  async function (this: ConformanceWorld, name: string) {
    const make = FOREIGN[name];
    if (!make) throw new HarnessError(`no nonce is called "${name}"`);
    const { caller, nonces } = await challengedCaller(this, (issued) => [make(issued, this.randomness)]);
    await knock(this, caller, { nonce: nonces.at(-1) ?? '', count: 1 });
  },
);

/** Rule: hard.digest.replay. */
When(
  'calls with its password use the nonce counts {int} and {int} of one nonce',
  async function (this: ConformanceWorld, one: number, other: number) {
    const { caller, nonces } = await challengedCaller(this);
    for (const count of [one, other]) await knock(this, caller, { nonce: nonces[0] ?? '', count });
  },
);

When(
  'a call with its password uses the nonce count {int} of that nonce',
  async function (this: ConformanceWorld, count: number) {
    const { caller, nonces } = seenBy(this);
    await knock(this, caller, { nonce: nonces[0] ?? '', count });
  },
);

When(
  /^a call with its password gets through, and (the same|another) caller sends its credentials again$/,
  async function (this: ConformanceWorld, who: string) {
    const { caller, nonces } = await challengedCaller(this);
    const line = authorization(this, { nonce: nonces[0] ?? '', count: 1 });
    for (const sender of [caller, who === 'another' ? await this.rawCaller() : caller]) {
      const lines = inviteLines(this, sender);
      this.keep(await sender.attempt({ ...lines, others: [...lines.others, line] }));
    }
  },
);

/** Rule: hard.digest.nonce-poisoning. */
When(
  /^(the same|another) caller answers a challenge with a wrong password and the nonce count ([0-9a-f]{8})$/,
  async function (this: ConformanceWorld, who: string, digits: string) {
    const { caller, nonces } = await challengedCaller(this);
    const sender = who === 'another' ? await this.rawCaller() : caller;
    const count = Number.parseInt(digits, 16);
    await knock(this, sender, { nonce: nonces[0] ?? '', count, password: WRONG_PASSWORD });
  },
);

When(
  'the right answer to that challenge has the nonce count {int}',
  async function (this: ConformanceWorld, count: number) {
    const { caller, nonces } = seenBy(this);
    await knock(this, caller, { nonce: nonces[0] ?? '', count });
  },
);

Then('the call is challenged with a nonce not seen before', function (this: ConformanceWorld) {
  must(challengedAnew(this.lastAttempt, this.parameters.descriptor.realm, seenBy(this).nonces));
});

/** The calls after the one that was challenged. */
function answering(world: ConformanceWorld): readonly Attempt[] {
  return world.attempts.slice(1);
}

Then('the call does not get through', function (this: ConformanceWorld) {
  must(keptOut(this.lastAttempt));
});

Then('the call gets through', function (this: ConformanceWorld) {
  must(gotThrough(this.lastAttempt));
});

Then('the first call got through', function (this: ConformanceWorld) {
  must(...answering(this).slice(0, 1).map(gotThrough));
});

Then('the first two calls got through', function (this: ConformanceWorld) {
  must(...answering(this).slice(0, 2).map(gotThrough));
});

Then('the first call did not get through', function (this: ConformanceWorld) {
  must(...answering(this).slice(0, 1).map(keptOut));
});

Then('the right answer to the nonce that was issued gets through', async function (this: ConformanceWorld) {
  const { caller, nonces } = seenBy(this);
  must(gotThrough(await knock(this, caller, { nonce: nonces[0] ?? '', count: 1 })));
});
