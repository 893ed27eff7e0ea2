import { Then, When } from '@cucumber/cucumber';

import { APPLICATION_SETTINGS } from '../../harness/clients/application.ts';
import { FORGERY_NAMES, forgedToken } from '../../harness/clients/forged_token.ts';
import type { HttpAnswer } from '../../harness/clients/http.ts';
import type { ManagementCall } from '../../harness/clients/management.ts';
import { answeredWith } from '../../harness/expect/answers.ts';
import { must, ofEach } from '../../harness/expect/match.ts';
import { challenged } from '../../harness/expect/token_answers.ts';
import { HarnessError } from '../../harness/verdict.ts';
import type { ConformanceWorld } from '../world.ts';
import { enabling, JSON_TYPE } from './enabling.ts';
import { issuedToken } from './issued_token.ts';

interface NamedAnswer {
  readonly name: string;
  readonly answer: HttpAnswer;
}

/** What each call was answered. */
const answers = new WeakMap<ConformanceWorld, readonly NamedAnswer[]>();

/** Every call of the management API, by its name. The deletion is the last. */
function callsOf(world: ConformanceWorld): Readonly<Record<string, ManagementCall>> {
  const { id: applicationId } = world.application;
  return {
    'the list': { method: 'GET' },
    'a new application': {
      method: 'POST',
      contentType: JSON_TYPE,
      body: JSON.stringify(APPLICATION_SETTINGS),
    },
    'a reading': { method: 'GET', applicationId },
    'a change': enabling(world),
    'a deletion': { method: 'DELETE', applicationId },
  };
}

/** Makes every call with this value of Authorization. */
export async function everyCall(world: ConformanceWorld, authorization: string): Promise<void> {
  const made: NamedAnswer[] = [];
  for (const [name, call] of Object.entries(callsOf(world))) {
    const answer = await world.api.send({ ...call, withoutToken: true, headers: { authorization } });
    made.push({ name, answer });
  }
  answers.set(world, made);
}

/** Rule: oauth.bearer.required. */
When(
  new RegExp(`^the client makes every call with (${FORGERY_NAMES.join('|')})$`),
  async function (this: ConformanceWorld, name: string) {
    const { token } = await issuedToken(this, this.bench.client);
    const other = await issuedToken(this, this.bench.client);
    await everyCall(this, `Bearer ${forgedToken(name, token, other.token)}`);
  },
);

When('the client makes every call with a garbage token', async function (this: ConformanceWorld) {
  await everyCall(this, 'Bearer no-token-at-all');
});

Then('each call is answered 401, with a Bearer challenge', function (this: ConformanceWorld) {
  const made = answers.get(this);
  if (made === undefined) throw new HarnessError('no call was made');
  must(
    ofEach(made, ({ answer }) => answeredWith(answer, 401)),
    ofEach(made, ({ answer }) => challenged(answer, 'Bearer')),
  );
});
