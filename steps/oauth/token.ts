import { Then, When } from '@cucumber/cucumber';

import { basicCredentials, type ClientCredentials } from '../../harness/clients/oauth.ts';
import { headed } from '../../harness/expect/answers.ts';
import { alike, type KindAnswer } from '../../harness/expect/answers_alike.ts';
import { must } from '../../harness/expect/match.ts';
import {
  bearerErrorFits,
  challenged,
  refusalWellFormed,
  scopeAnswered,
  storingForbidden,
  tokenAsDocumented,
  tokenGiven,
  tokenless,
  tokenRefused,
} from '../../harness/expect/token_answers.ts';
import { HarnessError } from '../../harness/verdict.ts';
import type { ConformanceWorld } from '../world.ts';
import { askedToken, guessed, isLimited, limited, wrongId, wrongSecret } from './issued_token.ts';

/** Rules: oauth.token.bad-request, oauth.token.client-credentials. */
When('the client asks for a token with its id and secret', async function (this: ConformanceWorld) {
  this.answer = await askedToken(this, this.bench.client);
});

/** Rules: oauth.token.bad-request, oauth.token.client-credentials, oauth.token.parameters, oauth.token.scope. */
When(
  'the client asks for a token with the form {string}',
  async function (this: ConformanceWorld, form: string) {
    this.answer = await askedToken(this, this.bench.client, form);
  },
);

/** Rules: oauth.token.bad-request, oauth.token.invalid-client. */
When('somebody asks for a token with a wrong secret', async function (this: ConformanceWorld) {
  return guess(this, wrongSecret(this));
});

When('somebody asks for a token with an empty secret', async function (this: ConformanceWorld) {
  return guess(this, { ...this.bench.client, secret: '' });
});

When('somebody asks for a token with an unknown client id', async function (this: ConformanceWorld) {
  return guess(this, wrongId(this));
});

When('somebody asks for a token with no credentials', async function (this: ConformanceWorld) {
  return guess(this, undefined);
});

/** Rule: oauth.token.invalid-client. */
When(
  'somebody asks for a token with a wrong id, and with a wrong secret',
  async function (this: ConformanceWorld) {
    const ask = async (client: ClientCredentials): Promise<KindAnswer> => ({
      answer: await guessed(this, { authorization: basicCredentials(client) }),
      ownNames: [client.id],
    });
    const firstId = await ask(wrongId(this));
    const firstSecret = await ask(wrongSecret(this));
    const secondId = await ask(wrongId(this));
    const secondSecret = await ask(wrongSecret(this));
    for (const { answer } of [firstId, firstSecret, secondId, secondSecret]) {
      if (isLimited(answer)) return limited(this, answer);
    }
    this.kinds = [
      { asked: 'a wrong client id', answers: [firstId, secondId] },
      { asked: 'a wrong secret', answers: [firstSecret, secondSecret] },
    ];
    return undefined;
  },
);

Then('the answer holds a bearer token and its lifetime in seconds', function (this: ConformanceWorld) {
  must(tokenAsDocumented(this.answer));
});

/** Rules: oauth.token.forms, oauth.token.invalid-client, oauth.token.post. */
Then('no token is given', function (this: ConformanceWorld) {
  must(tokenless(this.answer));
});

/** Rule: oauth.token.refusal. */
Then('the refusal has the form of RFC 6749', function (this: ConformanceWorld) {
  must(tokenless(this.answer), refusalWellFormed(this.answer));
});

/** Rule: oauth.token.refusal. */
Then('the answer is a token, or a refusal in the form of RFC 6749', function (this: ConformanceWorld) {
  const isGiven = tokenGiven(this.answer).ok;
  must(...(isGiven ? [] : [tokenless(this.answer), refusalWellFormed(this.answer)]));
});

/** Rule: oauth.bearer.challenge. */
Then('the challenge names no error, or the one that fits', function (this: ConformanceWorld) {
  must(bearerErrorFits(this.answer));
});

/** Rule: oauth.token.post. */
Then('a 405 says that POST is taken', function (this: ConformanceWorld) {
  if (this.answer.status === 405) must(headed(this.answer, 'allow', /\bPOST\b/, 'POST'));
});

/** Rule: oauth.token.pragma. */
Then('the answer has Pragma: no-cache', function (this: ConformanceWorld) {
  must(headed(this.answer, 'pragma', /\bno-cache\b/i, 'no-cache'));
});

Then('a token is given', function (this: ConformanceWorld) {
  must(tokenGiven(this.answer));
});

Then('the token is refused as {string}', function (this: ConformanceWorld, error: string) {
  must(tokenRefused(this.answer, error));
});

Then('the scope is refused, or the answer says what was granted', function (this: ConformanceWorld) {
  must(scopeAnswered(this.answer));
});

Then('the answer challenges with the {word} scheme', function (this: ConformanceWorld, scheme: string) {
  must(challenged(this.answer, scheme));
});

Then('the answer forbids storing', function (this: ConformanceWorld) {
  must(storingForbidden(this.answer));
});

Then('nobody can tell the answers apart', function (this: ConformanceWorld) {
  if (this.kinds === undefined) throw new HarnessError('there are no answers to compare');
  must(alike(...this.kinds));
});

/** Asks with wrong credentials. Inconclusive if the target limits attempts and did not look at them. */
async function guess(
  world: ConformanceWorld,
  client: ClientCredentials | undefined,
): Promise<'skipped' | undefined> {
  world.answer = await guessed(world, { authorization: client && basicCredentials(client) });
  return isLimited(world.answer) ? limited(world, world.answer) : undefined;
}
