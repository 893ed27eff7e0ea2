import { Then, When } from '@cucumber/cucumber';

import type { HttpAnswer } from '../../harness/clients/http.ts';
import { basicCredentials, sendTokenRequest } from '../../harness/clients/oauth.ts';
import { guessesAnswered, guessingLimited } from '../../harness/expect/guesses.ts';
import { must } from '../../harness/expect/match.ts';
import { HarnessError } from '../../harness/verdict.ts';
import type { ConformanceWorld } from '../world.ts';

/** What a scenario's guesser was answered. */
const guesses = new WeakMap<ConformanceWorld, readonly HttpAnswer[]>();

function guessesOf(world: ConformanceWorld): readonly HttpAnswer[] {
  const made = guesses.get(world);
  if (made === undefined) throw new HarnessError('nobody has guessed');
  return made;
}

/** Rule: oauth.token.guessing. */
When(
  "somebody at the {customer}'s address guesses {int} client secrets in a row",
  async function (this: ConformanceWorld, customer: string, count: number) {
    const guess = guesser(this, this.addressOf(customer));
    const answers: HttpAnswer[] = [];
    for (let i = 0; i < count; i += 1) answers.push(await guess());
    guesses.set(this, answers);
  },
);

When(
  'somebody elsewhere guesses {int} client secrets at once',
  async function (this: ConformanceWorld, count: number) {
    const from = this.bench.anonymousAddress(this.randomness);
    if (from === undefined) {
      const reason = 'there is no address here that only the guesser has';
      return this.withhold({ verdict: 'inconclusive', reason });
    }
    guesses.set(this, await Promise.all(Array.from({ length: count }, guesser(this, from))));
    return undefined;
  },
);

When(
  "the client asks for a token from the {customer}'s address",
  async function (this: ConformanceWorld, customer: string) {
    const request = { authorization: basicCredentials(this.bench.client), from: this.addressOf(customer) };
    this.answer = await sendTokenRequest(this.journal, this.parameters.place.api.tokenUrl, request);
  },
);

Then('the guesser has to wait', function (this: ConformanceWorld) {
  must(guessingLimited(guessesOf(this)));
});

Then('each guess is refused', function (this: ConformanceWorld) {
  must(guessesAnswered(guessesOf(this)));
});

/** Guesses at the secret of a client that does not exist, so that no client is shut out. */
function guesser(world: ConformanceWorld, from: string): () => Promise<HttpAnswer> {
  const id = `unknown-${world.randomness.hex(16)}`;
  return () => {
    const authorization = basicCredentials({ id, secret: world.randomness.hex(16) });
    const request = { authorization, from };
    return sendTokenRequest(world.journal, world.parameters.place.api.tokenUrl, request);
  };
}
