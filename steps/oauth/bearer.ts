import { setTimeout as delay } from 'node:timers/promises';

import { When } from '@cucumber/cucumber';

import { APPLICATION_SETTINGS } from '../../harness/clients/application.ts';
import type { ConformanceWorld } from '../world.ts';
import { enabling, JSON_TYPE } from './enabling.ts';
import { issuedToken } from './issued_token.ts';

const UNAUTHORIZED = 401;
const MAKING = JSON.stringify(APPLICATION_SETTINGS);

When('the client reads it with a token just issued', async function (this: ConformanceWorld) {
  const { token } = await issuedToken(this, this.bench.client);
  this.answer = await this.api.getWith(this.application.id, `Bearer ${token}`);
});

/** Rule: oauth.bearer.required. */
When('the client reads it with no token', async function (this: ConformanceWorld) {
  this.answer = await this.api.getWith(this.application.id, undefined);
});

When('the client reads it with a garbage token', async function (this: ConformanceWorld) {
  this.answer = await this.api.getWith(this.application.id, 'Bearer no-token-at-all');
});

When('the client reads it with an altered token', async function (this: ConformanceWorld) {
  const { token } = await issuedToken(this, this.bench.client);
  const last = token.at(-1) === 'A' ? 'B' : 'A';
  this.answer = await this.api.getWith(this.application.id, `Bearer ${token.slice(0, -4)}${last.repeat(4)}`);
});

When('the client reads it with an unsigned token', async function (this: ConformanceWorld) {
  const { token } = await issuedToken(this, this.bench.client);
  this.answer = await this.api.getWith(this.application.id, `Bearer ${unsigned(token)}`);
});

When('the client reads it with a good token under another scheme', async function (this: ConformanceWorld) {
  const { token } = await issuedToken(this, this.bench.client);
  this.answer = await this.api.getWith(this.application.id, `Token ${token}`);
});

When('the client reads it with an expired token', async function (this: ConformanceWorld) {
  const { token, lifetimeMs } = await issuedToken(this, this.bench.client);
  const patienceMs = this.parameters.descriptor.timeouts.tokenLifetime.ms;
  const waits = `the descriptor waits ${patienceMs / 1000} s (timeouts.tokenLifetime)`;
  if (lifetimeMs !== undefined && lifetimeMs > patienceMs) {
    const reason = `a token lives ${lifetimeMs / 1000} s; ${waits}`;
    return this.withhold({ verdict: 'inconclusive', reason });
  }
  // Expiry is counted in whole seconds: one more is past it on every clock.
  await delay((lifetimeMs ?? patienceMs) + 1_000);
  this.answer = await this.api.getWith(this.application.id, `Bearer ${token}`);
  if (lifetimeMs !== undefined || this.answer.status === UNAUTHORIZED) return undefined;
  const reason = `the token answer tells no lifetime (expires_in), and the token is still good: ${waits}`;
  return this.withhold({ verdict: 'inconclusive', reason });
});

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

/** The token's claims in an unsecured JWT (RFC 7519 section 6); garbage of that form if the token is no JWT. */
function unsigned(token: string): string {
  const [, claims = ''] = token.split('.');
  const header = Buffer.from('{"alg":"none","typ":"JWT"}').toString('base64url');
  return `${header}.${claims}.`;
}
