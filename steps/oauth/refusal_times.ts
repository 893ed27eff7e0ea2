import { Then, When } from '@cucumber/cucumber';

import type { HttpAnswer } from '../../harness/clients/http.ts';
import { basicCredentials, type ClientCredentials } from '../../harness/clients/oauth.ts';
import { must } from '../../harness/expect/match.ts';
import { timesAlike } from '../../harness/expect/times.ts';
import { HarnessError } from '../../harness/verdict.ts';
import type { ConformanceWorld } from '../world.ts';
import { guessed, isLimited, limited, wrongId, wrongSecret } from './issued_token.ts';

interface KindTimes {
  readonly name: string;
  /** In milliseconds, in the order of the rounds. */
  readonly times: number[];
}

const timed = new WeakMap<ConformanceWorld, readonly KindTimes[]>();

/** How often another address is tried where one has to wait for what others have guessed from it. */
const TRIES = 5;

/** The answer to these credentials, from an address that need not wait. */
async function refused(world: ConformanceWorld, client: ClientCredentials): Promise<HttpAnswer> {
  const request = { authorization: basicCredentials(client) };
  let answer = await guessed(world, request);
  for (let again = 1; again < TRIES && isLimited(answer); again += 1) answer = await guessed(world, request);
  return answer;
}

/** Rule: hard.auth.enumeration. */
When(
  'an unknown client and one with a wrong secret ask for a token, in turn {int} times',
  async function (this: ConformanceWorld, rounds: number) {
    const kinds = [
      { name: 'an unknown client', times: [] as number[], client: wrongId },
      { name: 'a wrong secret', times: [] as number[], client: wrongSecret },
    ];
    for (let round = 0; round < rounds; round += 1) {
      for (const { times, client } of kinds) {
        const answer = await refused(this, client(this));
        if (isLimited(answer)) return limited(this, answer);
        times.push(answer.durationMs);
      }
    }
    timed.set(this, kinds);
    const table = kinds.map(({ name, times }) => `${name}\n${times.map((ms) => ms.toFixed(1)).join(' ')}`);
    this.attach(table.join('\n\n'), { mediaType: 'text/plain', fileName: 'times.txt' });
    return undefined;
  },
);

Then('neither waits {int} times as long as the other', function (this: ConformanceWorld, factor: number) {
  const kinds = timed.get(this);
  if (kinds === undefined) throw new HarnessError('nothing was timed');
  must(timesAlike(kinds, factor));
});
