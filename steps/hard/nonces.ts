import { setTimeout as delay } from 'node:timers/promises';

import { Then, When, type DataTable } from '@cucumber/cucumber';

import { challengedAnew, gotThrough, keptOut } from '../../harness/expect/attempts.ts';
import { challengedAnewAsStale } from '../../harness/expect/challenges.ts';
import { must, ofEach } from '../../harness/expect/match.ts';
import type { Randomness } from '../../harness/randomness.ts';
import type { RawCaller } from '../../harness/traffic/raw_caller.ts';
import type { RawLines } from '../../harness/traffic/raw_request.ts';
import { HarnessError } from '../../harness/verdict.ts';
import { WRONG_PASSWORD } from '../sip/dial.ts';
import type { ConformanceWorld } from '../world.ts';
import {
  ALPHABETS,
  authorization,
  inTheFormOf,
  inviteLines,
  knockLines,
  nonceFor,
  OVER_LIFETIME_MS,
} from './knock.ts';

/** The character after this one in its alphabet, so that the nonce keeps its form. */
function nextTo(character: string): string {
  const alphabet = ALPHABETS.find((one) => one.includes(character)) ?? '0123456789';
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

function withTheTime(nonce: string, randomness: Randomness): string {
  const octets = Buffer.alloc(Math.ceil((nonce.length * 3) / 4));
  Buffer.from(randomness.hex(32), 'hex').copy(octets, 6);
  octets.writeUIntBE(Date.now(), 0, 6);
  return octets.toString('base64url').slice(0, nonce.length);
}

/** Nonces that nobody issued, each made from one that was. */
const FOREIGN: Readonly<Record<string, (issued: string, randomness: Randomness) => string>> = {
  'an issued one with another beginning': (issued) => changedAt(issued, 0),
  'an issued one with another character in the middle': (issued) => changedAt(issued, issued.length >> 1),
  // The very last character of base64 may have bits that mean nothing.
  'an issued one with another character near its end': (issued) => changedAt(issued, issued.length - 4),
  'an issued one in the other case': otherCase,
  'an issued one with one character less': (issued) => issued.slice(0, -1),
  'an issued one with one character more': (issued) => `${issued}A`,
  'an issued one twice': (issued) => issued + issued,
  'random characters in the form of an issued one': inTheFormOf,
  'the time and random characters in the length of an issued one': withTheTime,
  // That of RFC 2617 section 3.5, whose realm is testrealm@host.com.
  'one of another realm': () => 'dcd98b7102dd2f0e8b11d0f600bfb0c093',
  'a short one': () => 'A',
  'an empty one': () => '',
  'one of 8,000 characters': (issued) => issued.repeat(8_000).slice(0, 8_000),
};

/** Who calls, and a nonce that was issued to it. */
interface Challenged {
  readonly caller: RawCaller;
  readonly nonce: string;
}

const challenged = new WeakMap<ConformanceWorld, Challenged>();

export function challengedCaller(world: ConformanceWorld): Challenged {
  const known = challenged.get(world);
  if (!known) throw new HarnessError('no challenge was asked for');
  return known;
}

/** Calls with these nonce counts, one after the other. */
async function countUp(world: ConformanceWorld, counts: readonly number[]): Promise<void> {
  const { caller, nonce } = challengedCaller(world);
  const calls = counts.map((count) => [`count ${count}`, knockLines(world, caller, { nonce, count })]);
  await world.attempt(caller, Object.fromEntries(calls), { order: 'one by one' });
}

/** What was sent, what was answered before the last round, and the nonce of a challenge that no round shows. */
function seenBefore(world: ConformanceWorld): readonly string[] {
  const { rounds } = world;
  const issued = challenged.get(world);
  const sent = rounds.flat().map((attempt) => attempt.sent);
  const answers = rounds.slice(0, -1).flatMap((round) => round.flatMap((attempt) => attempt.answers));
  return [...(issued ? [issued.nonce] : []), ...sent, ...answers.map(({ text }) => text)];
}

function numbersIn(text: string): number[] {
  return [...text.matchAll(/\d+/g)].map(([digits]) => Number(digits));
}

/** Rules: hard.digest.foreign-nonce, hard.digest.replay, hard.digest.nonce-poisoning, sip.auth.stale-nonce. */
When('a caller without credentials is challenged', async function (this: ConformanceWorld) {
  const caller = await this.rawCaller();
  // No witness is waited for: on a busy machine the nonce would grow old meanwhile.
  challenged.set(this, { caller, nonce: await nonceFor(this, caller, 'unseen') });
});

/** Rule: hard.digest.foreign-nonce. */
When(
  'it answers with its password to these nonces',
  async function (this: ConformanceWorld, table: DataTable) {
    const { caller, nonce: issued } = challengedCaller(this);
    const calls = table.raw().map(([name = '']) => {
      const nonce = FOREIGN[name]?.(issued, this.randomness);
      if (nonce === undefined) throw new HarnessError(`no nonce is called "${name}"`);
      return [name, knockLines(this, caller, { nonce, count: 1 })] as const;
    });
    await this.attempt(caller, Object.fromEntries(calls));
  },
);

/** Rules: hard.digest.replay, sip.auth.stale-nonce. */
When(
  /^it answers with its password and the nonce counts? ([\d, and]+)$/,
  async function (this: ConformanceWorld, counts: string) {
    await countUp(this, numbersIn(counts));
    must(ofEach(this.lastRound, gotThrough));
  },
);

When(
  /^it answers once more, with the nonce counts? ([\d, and]+)$/,
  async function (this: ConformanceWorld, counts: string) {
    const { caller, nonce } = challengedCaller(this);
    const calls = numbersIn(counts).map((count) => [
      `count ${count}`,
      knockLines(this, caller, { nonce, count }),
    ]);
    await this.attempt(caller, Object.fromEntries(calls));
  },
);

/** Rule: sip.auth.stale-nonce. */
When(
  'it answers with the nonce count {int}, more than the life of a nonce later',
  async function (this: ConformanceWorld, count: number) {
    await delay(this.parameters.descriptor.timeouts.nonceLifetime.ms + OVER_LIFETIME_MS);
    await countUp(this, [count]);
  },
);

When('it and another caller send those credentials again', async function (this: ConformanceWorld) {
  const { caller, nonce } = challengedCaller(this);
  const line = authorization(this, { nonce, count: 1 });
  const callWith = (sender: RawCaller): RawLines => {
    const lines = inviteLines(this, sender);
    return { ...lines, others: [...lines.others, line] };
  };
  const [first] = await this.attempt(caller, { 'the first time': callWith(caller) });
  must(...(first ? [gotThrough(first)] : []));
  const other = await this.rawCaller();
  await this.attempt(caller, { 'the same caller': callWith(caller) });
  await this.attempt(other, { 'another caller': callWith(other) });
});

/** Rule: hard.digest.nonce-poisoning. */
When(
  /^(it|another caller) answers with a wrong password and the nonce count ([0-9a-f]{8})$/,
  async function (this: ConformanceWorld, who: string, digits: string) {
    const { caller, nonce } = challengedCaller(this);
    const sender = who === 'it' ? caller : await this.rawCaller();
    const count = Number.parseInt(digits, 16);
    const poison = knockLines(this, sender, { nonce, count, password: WRONG_PASSWORD });
    const round = await this.attempt(sender, { [`a wrong digest with ${digits}`]: poison });
    must(ofEach(round, keptOut));
  },
);

Then('each is challenged with a nonce not seen before', function (this: ConformanceWorld) {
  const { realm } = this.parameters.descriptor;
  must(ofEach(this.lastRound, (attempt) => challengedAnew(attempt, realm, seenBefore(this))));
});

Then('each is challenged as stale, with a nonce not seen before', function (this: ConformanceWorld) {
  must(ofEach(this.lastRound, (attempt) => challengedAnewAsStale(attempt, seenBefore(this))));
});

Then(
  'the right answer with the nonce count {int} gets through',
  async function (this: ConformanceWorld, count: number) {
    await countUp(this, [count]);
    must(ofEach(this.lastRound, gotThrough));
  },
);
