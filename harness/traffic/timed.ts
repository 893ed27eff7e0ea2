import type { WireMessage } from '../capture/sip_messages.ts';
import type { Randomness } from '../randomness.ts';
import { BrokenPrecondition, RuleViolation } from '../verdict.ts';
import type { RawCaller } from './raw_caller.ts';
import { written, type RawLines } from './raw_request.ts';

/** A kind of request, how long its answers took, and its last answer. */
export interface TimedKind {
  readonly name: string;
  /** In milliseconds, in the order of the rounds. */
  readonly times: readonly number[];
  readonly answer: WireMessage;
}

/** The only answer that counts, and the rule that promises it. */
export interface ExpectedAnswer {
  readonly status: number;
  readonly rule: string;
}

/** Makes the requests of one round, one of each kind, by name. */
export type RoundMaker = () => Promise<Readonly<Record<string, RawLines>>>;

/** What a service that takes its time may cost: then there are fewer rounds, but these at least. */
const BUDGET_MS = 40_000;
const LEAST_ROUNDS = 20;

/**
 * Sends one request of each kind a round, one after the other and in a random order, so that whatever slows the machine
 * slows all kinds alike. Ends early where the service takes long for each. Throws a RuleViolation where a request gets no
 * answer, and a BrokenPrecondition where too few get the answer that was expected.
 *
 * @param expected where given, a round with another answer is repeated: a nonce may have expired in it
 */
export async function timedRounds(
  rounds: number,
  make: RoundMaker,
  caller: RawCaller,
  randomness: Randomness,
  expected?: ExpectedAnswer,
): Promise<readonly TimedKind[]> {
  const kinds = new Map<string, { times: number[]; answer: WireMessage }>();
  const deadline = performance.now() + BUDGET_MS;
  let isLast = false;
  for (let round = 0, tries = 0; !isLast; tries++) {
    const timed = await oneRound(await make(), caller, randomness);
    const other = timed.find(({ answer }) => expected !== undefined && answer.status !== expected.status);
    if (expected !== undefined && other !== undefined) {
      if (tries < 2 * rounds) continue;
      const came = `${other.name} got ${other.answer.status}, not ${expected.status}, in too many rounds`;
      throw new BrokenPrecondition(expected.rule, came);
    }
    for (const { name, ms, answer } of timed)
      kinds.set(name, { times: [...(kinds.get(name)?.times ?? []), ms], answer });
    round += 1;
    isLast = round === rounds || (round >= LEAST_ROUNDS && performance.now() > deadline);
  }
  return [...kinds].map(([name, kind]) => ({ name, ...kind }));
}

/** RFC 3261 section 17.1.1.2: a request over UDP is sent again after T1. */
const RESEND_MS = 500;

/**
 * Sends the request as `timed` of the caller does, and again and again until it is answered: among a flood a datagram may
 * be lost. The time counts from the first one.
 */
export async function answeredAtLast(
  caller: RawCaller,
  lines: RawLines,
): Promise<{ readonly answer: WireMessage; readonly ms: number } | undefined> {
  const answered = caller.timed(lines);
  const again = setInterval(() => caller.send(written(lines)), RESEND_MS);
  return answered.finally(() => clearInterval(again));
}

interface Timed {
  readonly name: string;
  readonly ms: number;
  readonly answer: WireMessage;
}

async function oneRound(
  requests: Readonly<Record<string, RawLines>>,
  caller: RawCaller,
  randomness: Randomness,
): Promise<readonly Timed[]> {
  const shuffled = Object.entries(requests)
    .map((entry) => ({ entry, place: randomness.integer(0, 2 ** 32) }))
    .toSorted((one, other) => one.place - other.place);
  const all: Timed[] = [];
  for (const { entry } of shuffled) {
    const [name, lines] = entry;
    const timed = await caller.timed(lines);
    if (!timed) throw new RuleViolation(['a final answer'], `none to ${name}`);
    // What its ACK costs the service is over once this is answered, and not counted to the next one.
    await caller.alive();
    all.push({ name, ...timed });
  }
  return all;
}
