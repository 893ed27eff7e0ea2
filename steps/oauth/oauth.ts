import { setTimeout as delay } from 'node:timers/promises';

import { Then, When } from '@cucumber/cucumber';

import { APPLICATION_SETTINGS } from '../../harness/clients/application.ts';
import type { HttpAnswer } from '../../harness/clients/http.ts';
import { ManagementClient, type ManagementCall } from '../../harness/clients/management.ts';
import { requestToken, tokenAnswer, type ClientCredentials } from '../../harness/clients/oauth.ts';
import { fits, headed } from '../../harness/expect/answers.ts';
import { alike, type KindAnswer } from '../../harness/expect/answers_alike.ts';
import { must } from '../../harness/expect/match.ts';
import { challenged, storingForbidden, tokenRefused, untold } from '../../harness/expect/token_answers.ts';
import type { Randomness } from '../../harness/randomness.ts';
import { HarnessError } from '../../harness/verdict.ts';
import type { ConformanceWorld } from '../world.ts';

const ENABLING = JSON.stringify({ inboundSipCallsEnabled: true, passwordAuthEnabled: true });
const MAKING = JSON.stringify(APPLICATION_SETTINGS);
const JSON_TYPE = 'application/json';

/** Rules: oauth.token.bad-request, oauth.token.client-credentials. */
When('the client asks for a token with its id and secret', async function (this: ConformanceWorld) {
  this.answer = await askedToken(this, this.bench.client);
});

/** Rules: oauth.token.bad-request, oauth.token.client-credentials. */
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
      answer: await askedToken(this, client),
      ownNames: [client.id],
    });
    const firstId = await ask(wrongId(this));
    const firstSecret = await ask(wrongSecret(this));
    const secondId = await ask(wrongId(this));
    const secondSecret = await ask(wrongSecret(this));
    for (const { answer } of [firstId, firstSecret, secondId, secondSecret]) {
      if (answer.status === TOO_MANY_REQUESTS) return limited(this, answer);
    }
    this.kinds = [
      { asked: 'a wrong client id', answers: [firstId, secondId] },
      { asked: 'a wrong secret', answers: [firstSecret, secondSecret] },
    ];
    return undefined;
  },
);

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

When(
  'the client reads it with an expired token',

  async function (this: ConformanceWorld) {
    const { token, lifetimeMs } = await issuedToken(this, this.bench.client);
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

/** Rule: oauth.bearer.account-scope. */
When('the client of another account reads it', async function (this: ConformanceWorld) {
  const api = await strangersApi(this);
  this.answer = await api.get(this.application.id);
});

When('the client of another account enables it', async function (this: ConformanceWorld) {
  const api = await strangersApi(this);
  this.answer = await api.send(enabling(this));
});

When(
  'the client of another account makes a voice application in the first one',
  async function (this: ConformanceWorld) {
    const api = await strangersApi(this);
    this.answer = await api.create(APPLICATION_SETTINGS);
  },
);

When(
  'the client of another account reads it, and one that does not exist',
  async function (this: ConformanceWorld) {
    await compareReading(this, 'an application that does not exist', () => ({
      accountId: this.parameters.descriptor.account.id,
      applicationId: this.randomness.uuid(),
    }));
  },
);

When(
  'the client of another account reads it, and one of an account that does not exist',
  async function (this: ConformanceWorld) {
    const { id } = this.parameters.descriptor.account;
    await compareReading(this, 'one of an account that does not exist', () => ({
      accountId: otherDigits(id, this.randomness),
      applicationId: this.application.id,
    }));
  },
);

Then('the answer holds a bearer token and its lifetime in seconds', function (this: ConformanceWorld) {
  must(
    headed(this.answer, 'content-type', /^application\/json\b/i, 'application/json'),
    fits(this.answer, tokenAnswer, '{access_token, token_type: "bearer", expires_in}'),
  );
});

Then('the token is refused as {string}', function (this: ConformanceWorld, error: string) {
  must(tokenRefused(this.answer, error));
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

Then('the answer tells nothing of the application', function (this: ConformanceWorld) {
  const { id, uriUser } = this.application;
  const { applicationName, callInitiatedCallbackUrl } = APPLICATION_SETTINGS;
  const uriUsers = uriUser === undefined || uriUser === id ? [] : [uriUser];
  must(untold(this.answer, [applicationName, callInitiatedCallbackUrl, ...uriUsers]));
});

function askedToken(
  world: ConformanceWorld,
  client: ClientCredentials | undefined,
  form?: string,
): Promise<HttpAnswer> {
  return requestToken(world.journal, world.parameters.place.api.tokenUrl, client, form);
}

function wrongSecret(world: ConformanceWorld): ClientCredentials {
  return { ...world.bench.client, secret: `wrong-${world.randomness.hex(16)}` };
}

function wrongId(world: ConformanceWorld): ClientCredentials {
  return { ...world.bench.client, id: `unknown-${world.randomness.hex(16)}` };
}

/** RFC 6585 section 4. */
const TOO_MANY_REQUESTS = 429;

/** Asks with wrong credentials. Inconclusive if the target limits attempts and did not look at them. */
async function guess(
  world: ConformanceWorld,
  client: ClientCredentials | undefined,
): Promise<'skipped' | undefined> {
  world.answer = await askedToken(world, client);
  return world.answer.status === TOO_MANY_REQUESTS ? limited(world, world.answer) : undefined;
}

function limited(world: ConformanceWorld, { headers }: HttpAnswer): 'skipped' {
  const wait = headers.get('retry-after');
  const when = wait === null ? 'later' : `later (Retry-After: ${wait})`;
  const reason = `the target limits wrong attempts and did not look at this one: run the rule again ${when}`;
  return world.withhold({ verdict: 'inconclusive', reason });
}

async function issuedToken(
  world: ConformanceWorld,
  client: ClientCredentials,
): Promise<{ token: string; lifetimeMs: number }> {
  const answer = await askedToken(world, client);
  const parsed = tokenAnswer.safeParse(answer.json);
  if (!parsed.success) throw new HarnessError('no token was given; see the API exchange');
  return { token: parsed.data.access_token, lifetimeMs: parsed.data.expires_in * 1000 };
}

/** The token's claims in an unsecured JWT (RFC 7519 section 6); garbage of that form if the token is no JWT. */
function unsigned(token: string): string {
  const [, claims = ''] = token.split('.');
  const header = Buffer.from('{"alg":"none","typ":"JWT"}').toString('base64url');
  return `${header}.${claims}.`;
}

function enabling(world: ConformanceWorld): ManagementCall {
  return {
    method: 'PATCH',
    applicationId: world.application.id,
    contentType: JSON_TYPE,
    body: ENABLING,
  };
}

/** Our account's API with a token of the other account's client, once the token has opened that other account. */
async function strangersApi(world: ConformanceWorld): Promise<ManagementClient> {
  const { descriptor, place } = world.parameters;
  const { otherAccount, account } = descriptor;
  const tokens = world.bench.otherTokens;
  if (otherAccount === undefined || tokens === undefined) throw new HarnessError('there is no other account');
  const api = new ManagementClient(world.journal, tokens, place.api.baseUrl, account.id);
  const applicationId = world.randomness.uuid();
  const own = await api.send({ method: 'GET', accountId: otherAccount.id, applicationId });
  if (own.status === 401 || own.status === 403) {
    throw new HarnessError(
      `the token of the other account's client does not open that account (${own.status}): is otherAccount.id in ` +
        "the target's descriptor the account of the client it names?",
    );
  }
  return api;
}

/** Reads our application and one that does not exist as the other account's client, twice each, in turn. */
async function compareReading(
  world: ConformanceWorld,
  absent: string,
  absentOne: () => { readonly accountId: string; readonly applicationId: string },
): Promise<void> {
  const api = await strangersApi(world);
  const read = async (accountId: string, applicationId: string): Promise<KindAnswer> => ({
    answer: await api.send({ method: 'GET', accountId, applicationId }),
    ownNames: [accountId, applicationId],
  });
  const readOurs = (): Promise<KindAnswer> =>
    read(world.parameters.descriptor.account.id, world.application.id);
  const readAbsent = (): Promise<KindAnswer> => {
    const { accountId, applicationId } = absentOne();
    return read(accountId, applicationId);
  };
  const [oneOurs, oneAbsent] = [await readOurs(), await readAbsent()];
  const [twoOurs, twoAbsent] = [await readOurs(), await readAbsent()];
  world.kinds = [
    { asked: 'an application of the first account', answers: [oneOurs, twoOurs] },
    { asked: absent, answers: [oneAbsent, twoAbsent] },
  ];
}

/** An id of the same form, with every digit changed. */
function otherDigits(id: string, randomness: Randomness): string {
  return id.replaceAll(/\d/g, (digit) => String((Number(digit) + randomness.integer(1, 10)) % 10));
}
