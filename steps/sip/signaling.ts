import { Then, When, type DataTable } from '@cucumber/cucumber';

import { formerPasswordOf, passwordOf } from '../../harness/clients/application.ts';
import {
  assertCredentialsSent,
  assertUnregistered,
  challenged,
  challengedAsStale,
  delivered,
  finallyAnswered,
  keptAlive,
  methodUndelivered,
  neverAnswered,
  returnedWith,
  setUp,
  undelivered,
  withoutVendorHeaders,
  withoutVendorValues,
} from '../../harness/expect/calls.ts';
import { must } from '../../harness/expect/match.ts';
import { headersSent } from '../../harness/traffic/call.ts';
import { HarnessError } from '../../harness/verdict.ts';
import { OVER_LIFETIME_MS } from '../hard/knock.ts';
import type { ConformanceWorld } from '../world.ts';
import { dial, SCENARIOS, WRONG_PASSWORD } from './dial.ts';

When('a client sends OPTIONS to the service', async function (this: ConformanceWorld) {
  await this.place({ scenario: `${SCENARIOS}/options.xml` });
});

When(
  'a client sends OPTIONS to the service {int} times, a second apart',
  async function (this: ConformanceWorld, calls: number) {
    await this.place({ scenario: `${SCENARIOS}/options.xml`, calls, rate: 1 });
  },
);

When('it is called without credentials', async function (this: ConformanceWorld) {
  await dial(this);
});

When('it is called with its password', async function (this: ConformanceWorld) {
  await dial(this, { credentialsOf: this.application });
});

When('it is called with its former password', async function (this: ConformanceWorld) {
  const password = formerPasswordOf(this.application);
  await dial(this, { credentialsOf: this.application, password });
});

When('it is called with a wrong password', async function (this: ConformanceWorld) {
  await dial(this, { credentialsOf: this.application, password: WRONG_PASSWORD });
});

When("the first is called with the other's password", async function (this: ConformanceWorld) {
  const password = passwordOf(this.otherApplication);
  await dial(this, { credentialsOf: this.application, password });
});

When("the first is called with the other's name and password", async function (this: ConformanceWorld) {
  await dial(this, {
    scenario: 'invite-digest-forbidden',
    credentialsOf: this.otherApplication,
    to: this.application,
  });
});

When(
  'it is called with its password, but the caller takes longer than a nonce lives to answer the challenge',
  async function (this: ConformanceWorld) {
    const pauseMs = this.parameters.descriptor.timeouts.nonceLifetime.ms + OVER_LIFETIME_MS;
    await dial(this, { scenario: 'invite-digest-stale', credentialsOf: this.application, pauseMs });
  },
);

When(
  'it is called with its password, and the voice platform sends the call back',
  async function (this: ConformanceWorld) {
    await dial(this, { scenario: 'invite-loop', credentialsOf: this.application });
  },
);

When('it is called with Max-Forwards 0', async function (this: ConformanceWorld) {
  await dial(this, { scenario: 'invite-max-forwards-zero' });
});

When(
  'it is called with its password and these headers in every request',
  async function (this: ConformanceWorld, table: DataTable) {
    await dial(this, { scenario: 'invite-vendor-headers', credentialsOf: this.application });
    const sent = headersSent(this.lastCall);
    // A call that broke off may not have sent them all; the next steps judge it.
    const isWhole = this.lastCall.sipp.outcome === 'passed';
    for (const [name = ''] of table.raw()) {
      if (isWhole && !sent.has(name))
        throw new HarnessError(`the scenario sent no header "${name}": nothing could be stripped`);
    }
  },
);

When(
  'the {customer} calls it without credentials',
  async function (this: ConformanceWorld, customer: string) {
    await dial(this, { from: this.addressOf(customer) });
  },
);

When('it is called from {word} without credentials', async function (this: ConformanceWorld, from: string) {
  await dial(this, { from });
});

When('it is called from {word} with its password', async function (this: ConformanceWorld, from: string) {
  await dial(this, { from, credentialsOf: this.application });
});

When('the {customer} calls it with its password', async function (this: ConformanceWorld, customer: string) {
  await dial(this, { from: this.addressOf(customer), credentialsOf: this.application });
});

When(
  'the {customer} calls it with a wrong password',
  async function (this: ConformanceWorld, customer: string) {
    const from = this.addressOf(customer);
    await dial(this, { from, credentialsOf: this.application, password: WRONG_PASSWORD });
  },
);

Then('it is answered with 200 {string}', function (this: ConformanceWorld, reason: string) {
  must(keptAlive(this.lastCall, reason, 1));
});

Then(
  'each of {int} is answered with 200 {string}',
  function (this: ConformanceWorld, times: number, reason: string) {
    must(keptAlive(this.lastCall, reason, times));
  },
);

Then('the call is set up', function (this: ConformanceWorld) {
  must(setUp(this.lastCall));
});

Then('the first call was set up', function (this: ConformanceWorld) {
  must(setUp(this.firstCall));
});

Then('the call is refused with {int}', function (this: ConformanceWorld, status: number) {
  must(finallyAnswered(this.lastCall, status));
  assertCredentialsSent(this.lastCall);
});

Then('the call is challenged with a Digest for the documented realm', function (this: ConformanceWorld) {
  must(challenged(this.lastCall, this.parameters.descriptor.realm));
});

Then('the second INVITE is challenged anew as stale', function (this: ConformanceWorld) {
  must(challengedAsStale(this.lastCall));
});

Then('no challenge was sent', function (this: ConformanceWorld) {
  must(neverAnswered(this.lastCall, 407));
});

Then('the call reaches the voice platform', function (this: ConformanceWorld) {
  must(delivered(this.lastCall));
  this.noteUnseenDelivery();
});

Then('nothing reaches the voice platform', function (this: ConformanceWorld) {
  must(undelivered(this.lastCall));
  this.noteUnseenDelivery();
});

Then('the voice platform gets {int} too', function (this: ConformanceWorld, status: number) {
  must(returnedWith(this.lastCall, status));
});

Then('no header whose name begins with X- reaches the voice platform', function (this: ConformanceWorld) {
  must(delivered(this.lastCall), withoutVendorHeaders(this.lastCall));
});

Then('nothing of their values reaches the voice platform', function (this: ConformanceWorld) {
  must(withoutVendorValues(this.lastCall));
});

Then('no REGISTER was sent', function (this: ConformanceWorld) {
  assertUnregistered(this.lastCall);
});

Then('nothing of {word} reaches the voice platform', function (this: ConformanceWorld, method: string) {
  must(methodUndelivered(this.lastCall, method));
  this.noteUnseenDelivery();
});
