import { setTimeout as delay } from 'node:timers/promises';

import { When } from '@cucumber/cucumber';

import { APPLICATION_SETTINGS } from '../../harness/clients/application.ts';
import type { IssuedToken } from '../../harness/clients/oauth.ts';
import type { ConformanceWorld } from '../world.ts';
import { enabling, JSON_TYPE } from './enabling.ts';
import { everyCall } from './every_call.ts';
import { issuedToken, lastToken } from './issued_token.ts';

const UNAUTHORIZED = 401;
const MAKING = JSON.stringify(APPLICATION_SETTINGS);

/** Rules: oauth.bearer.required, oauth.token.client-credentials. */
When('the client reads it with a token just issued', async function (this: ConformanceWorld) {
  const { token } = await issuedToken(this, this.bench.client);
  this.answer = await this.api.getWith(this.application.id, `Bearer ${token}`);
});

When('the client reads it with the same token after its lifetime', function (this: ConformanceWorld) {
  return readOnceExpired(this, lastToken(this));
});

/** Rule: oauth.bearer.required. */
When('the client reads it with no token', async function (this: ConformanceWorld) {
  this.answer = await this.api.getWith(this.application.id, undefined);
});

When('the client reads it with a garbage token', async function (this: ConformanceWorld) {
  this.answer = await this.api.getWith(this.application.id, 'Bearer no-token-at-all');
});

When('the client reads it with a good token under another scheme', async function (this: ConformanceWorld) {
  const { token } = await issuedToken(this, this.bench.client);
  this.answer = await this.api.getWith(this.application.id, `Token ${token}`);
});

When('the client reads it with an expired token', async function (this: ConformanceWorld) {
  return readOnceExpired(this, await issuedToken(this, this.bench.client));
});

When('the client makes every call with an expired token', async function (this: ConformanceWorld) {
  const withheld = await readOnceExpired(this, await issuedToken(this, this.bench.client));
  if (withheld !== undefined) return withheld;
  await everyCall(this, `Bearer ${lastToken(this).token}`);
  return undefined;
});

/** Reads the application once the token is too old. Nothing is judged where nobody knows whether it is. */
async function readOnceExpired(
  world: ConformanceWorld,
  { token, lifetimeMs }: IssuedToken,
): Promise<'skipped' | undefined> {
  const patienceMs = world.parameters.descriptor.timeouts.tokenLifetime.ms;
  const waits = `the descriptor waits ${patienceMs / 1000} s (timeouts.tokenLifetime)`;
  if (lifetimeMs !== undefined && lifetimeMs > patienceMs) {
    const reason = `a token lives ${lifetimeMs / 1000} s; ${waits}`;
    return world.withhold({ verdict: 'inconclusive', reason });
  }
  // Expiry is counted in whole seconds: one more is past it on every clock.
  await delay((lifetimeMs ?? patienceMs) + 1_000);
  world.answer = await world.api.getWith(world.application.id, `Bearer ${token}`);
  if (lifetimeMs !== undefined || world.answer.status === UNAUTHORIZED) return undefined;
  const reason = `the token answer tells no lifetime (expires_in), and the token is still good: ${waits}`;
  return world.withhold({ verdict: 'inconclusive', reason });
}

When('somebody without a token enables it', async function (this: ConformanceWorld) {
  this.answer = await this.api.send({ ...enabling(this), withoutToken: true });
});

When('somebody without a token makes a voice application', async function (this: ConformanceWorld) {
  this.answer = await this.api.send({
    method: 'POST',
    withoutToken: true,
    contentType: JSON_TYPE,
    body: MAKING,
  });
});
