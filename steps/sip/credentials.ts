import { Then, When } from '@cucumber/cucumber';

import { passwordOf } from '../../harness/clients/application.ts';
import { digestCredentials } from '../../harness/clients/digest.ts';
import { setUp } from '../../harness/expect/calls.ts';
import {
  freshNonces,
  nonceIn,
  notStale,
  refusedNotAsStale,
  offersQop,
  unauthorizedWithRealm,
} from '../../harness/expect/challenges.ts';
import { must } from '../../harness/expect/match.ts';
import { BrokenPrecondition } from '../../harness/verdict.ts';
import type { ConformanceWorld } from '../world.ts';
import { dial, SCENARIOS, userOf, WRONG_PASSWORD } from './dial.ts';

interface Answer {
  readonly nonce: string;
  readonly password?: string;
  /** The header they go in; absent: Proxy-Authorization. */
  readonly header?: 'Authorization';
  /** Absent: no qop. */
  readonly nonceCount?: number;
}

/** Calls the application with credentials made here, and not by SIPp. */
async function answerWith(world: ConformanceWorld, answer: Answer): Promise<void> {
  const { application } = world;
  const { realm } = world.parameters.descriptor;
  const user = userOf(world, application);
  const { nonce, password = passwordOf(application), nonceCount } = answer;
  const { header = 'Proxy-Authorization' } = answer;
  const credentials = digestCredentials({
    username: user,
    realm,
    password,
    method: 'INVITE',
    uri: `sip:${user}@${realm}`,
    nonce,
    ...(nonceCount === undefined ? {} : { qop: { nonceCount, clientNonce: world.randomness.uuid() } }),
  });
  const keys = { authorization: `${header}: ${credentials}` };
  await world.place({ scenario: `${SCENARIOS}/invite-authorization.xml`, user, keys });
}

function nonceGiven(world: ConformanceWorld): string {
  const nonce = nonceIn(world.firstCall);
  if (nonce === undefined)
    throw new BrokenPrecondition('sip.challenge', 'there was no challenge with a nonce to answer');
  return nonce;
}

When('it is called {int} times without credentials', async function (this: ConformanceWorld, calls: number) {
  for (let call = 0; call < calls; call++) await dial(this);
});

When('it is called with an answer to that challenge without qop', async function (this: ConformanceWorld) {
  await answerWith(this, { nonce: nonceGiven(this) });
});

When(
  'it is called with the right answer to the nonce {string}',
  async function (this: ConformanceWorld, nonce: string) {
    await answerWith(this, { nonce, nonceCount: 1 });
  },
);

When(
  'it is called with a wrong answer to that challenge and the nonce count {int}',
  async function (this: ConformanceWorld, nonceCount: number) {
    await answerWith(this, { nonce: nonceGiven(this), nonceCount, password: WRONG_PASSWORD });
  },
);

When(
  'it is called with the right answer to that challenge and the nonce count {int}',
  async function (this: ConformanceWorld, nonceCount: number) {
    await answerWith(this, { nonce: nonceGiven(this), nonceCount });
  },
);

When(
  'it is called with the right answer to that challenge in Authorization',
  async function (this: ConformanceWorld) {
    await answerWith(this, { nonce: nonceGiven(this), header: 'Authorization', nonceCount: 1 });
  },
);

When(
  'the {customer} calls it with credentials nobody asked for',
  async function (this: ConformanceWorld, customer: string) {
    const { realm } = this.parameters.descriptor;
    const user = userOf(this, this.application);
    const credentials = digestCredentials({
      username: 'somebody',
      realm,
      password: WRONG_PASSWORD,
      method: 'INVITE',
      uri: `sip:${user}@${realm}`,
      nonce: 'bm9uY2U',
    });
    const keys = { authorization: `Proxy-Authorization: ${credentials}` };
    const scenario = `${SCENARIOS}/invite-authorization.xml`;
    await this.place({ scenario, from: this.addressOf(customer), user, keys });
  },
);

When('it is called with credentials for another realm only', async function (this: ConformanceWorld) {
  await dial(this, { scenario: 'invite-foreign-realm-only' });
});

When(
  'it is called with its password and with credentials for another realm',
  async function (this: ConformanceWorld) {
    await dial(this, { scenario: 'invite-foreign-realm-too', credentialsOf: this.application });
  },
);

Then('{int} challenges came, each with a nonce of its own', function (this: ConformanceWorld, times: number) {
  must(freshNonces(this.calls, times));
});

Then('the challenge offers qop "auth"', function (this: ConformanceWorld) {
  must(offersQop(this.lastCall));
});

Then('the challenge does not say that a nonce was stale', function (this: ConformanceWorld) {
  must(notStale(this.lastCall));
});

Then('the refusal does not say that a nonce was stale', function (this: ConformanceWorld) {
  must(refusedNotAsStale(this.lastCall));
});

Then('the call before the last was set up', function (this: ConformanceWorld) {
  must(setUp(this.callBefore));
});

Then('every 401 carries WWW-Authenticate with the documented realm', function (this: ConformanceWorld) {
  must(unauthorizedWithRealm(this.lastCall, this.parameters.descriptor.realm));
});
