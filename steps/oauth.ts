import { Then, When } from '@cucumber/cucumber';
import { setTimeout as delay } from 'node:timers/promises';
import { requestToken, tokenAnswer, type ClientCredentials } from '../harness/clients/oauth.ts';
import { fits, headed } from '../harness/expect/answers.ts';
import { must } from '../harness/expect/match.ts';
import { HarnessError } from '../harness/verdict.ts';
import type { ConformanceWorld } from './world.ts';

When('the client asks for a token with its id and secret', async function (this: ConformanceWorld) {
  this.answer = await requestToken(this.journal, this.parameters.place.api.tokenUrl, this.bench.client);
});

When('the client reads it with a token just bought', async function (this: ConformanceWorld) {
  const { token } = await boughtToken(this, this.bench.client);
  this.answer = await this.api.getWith(this.application.id, `Bearer ${token}`);
});

When('the client reads it with nothing for a token', async function (this: ConformanceWorld) {
  this.answer = await this.api.getWith(this.application.id, undefined);
});

When('the client reads it with garbage for a token', async function (this: ConformanceWorld) {
  this.answer = await this.api.getWith(this.application.id, 'Bearer no-token-at-all');
});

When('the client reads it with an altered token for a token', async function (this: ConformanceWorld) {
  const { token } = await boughtToken(this, this.bench.client);
  const last = token.at(-1) === 'A' ? 'B' : 'A';
  this.answer = await this.api.getWith(this.application.id, `Bearer ${token.slice(0, -4)}${last.repeat(4)}`);
});

When(
  'the client reads it with an expired token for a token',

  async function (this: ConformanceWorld) {
    const { token, lifetimeMs } = await boughtToken(this, this.bench.client);
    const patienceMs = this.parameters.descriptor.timeouts.tokenLifetime.ms;
    if (lifetimeMs > patienceMs) {
      const reason = `a token lives ${lifetimeMs / 1000} s; the descriptor waits ${patienceMs / 1000} s (timeouts.tokenLifetime)`;
      return this.withhold({ verdict: 'inconclusive', reason });
    }
    // Expiry is counted in whole seconds: one more is past it on every clock.
    await delay(lifetimeMs + 1_000);
    this.answer = await this.api.getWith(this.application.id, `Bearer ${token}`);
    return undefined;
  },
);

Then('the answer holds a bearer token and its lifetime in seconds', function (this: ConformanceWorld) {
  must(fits(this.answer, tokenAnswer, '{access_token, token_type: "bearer", expires_in}'));
});

Then('the answer challenges with the Bearer scheme', function (this: ConformanceWorld) {
  must(headed(this.answer, 'www-authenticate', /^Bearer\b/i, 'Bearer …'));
});

async function boughtToken(
  world: ConformanceWorld,
  client: ClientCredentials,
): Promise<{ token: string; lifetimeMs: number }> {
  const answer = await requestToken(world.journal, world.parameters.place.api.tokenUrl, client);
  const parsed = tokenAnswer.safeParse(answer.json);
  if (!parsed.success) throw new HarnessError('no token was given; see the API exchange');
  return { token: parsed.data.access_token, lifetimeMs: parsed.data.expires_in * 1000 };
}
