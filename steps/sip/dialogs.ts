import { Then, When, type DataTable } from '@cucumber/cucumber';

import {
  cancelDelivered,
  credentialsConsumed,
  credentialsPassedOn,
  deliveredUnchanged,
  deliveredWithHops,
  voicePlatformReceived,
  recordsRoute,
} from '../../harness/expect/deliveries.ts';
import { must } from '../../harness/expect/match.ts';
import {
  allowsMethods,
  answeredAtSource,
  cancelled,
  finalRepeated,
  firstAnsweredWithin,
  neverChallenged,
  requestAnswered,
  requestRefused,
} from '../../harness/expect/transactions.ts';
import { BrokenPrecondition } from '../../harness/verdict.ts';
import type { ConformanceWorld } from '../world.ts';
import { dial } from './dial.ts';

/** What the caller and the called side can do during a call, and the scenario that does it. */
const COURSES: Readonly<Record<string, string>> = {
  'the called side hangs up': 'invite-hung-up',
  'the caller sends a re-INVITE': 'invite-reinvite',
  'the called side sends a re-INVITE': 'invite-reinvited',
  'the caller gives up while it rings': 'invite-cancelled',
  'the called side is silent for a second': 'invite-slow',
};

for (const [course, scenario] of Object.entries(COURSES)) {
  When(`it is called with its password, and ${course}`, async function (this: ConformanceWorld) {
    await dial(this, { scenario, credentialsOf: this.application });
  });
}

When('it is called with its password and without Max-Forwards', async function (this: ConformanceWorld) {
  await dial(this, { scenario: 'invite-no-max-forwards', credentialsOf: this.application });
});

When('it is called with its password and headers of all kinds', async function (this: ConformanceWorld) {
  await dial(this, { scenario: 'invite-standard-headers', credentialsOf: this.application });
});

When(
  'it is called without credentials, and the answer is not acknowledged at first',
  async function (this: ConformanceWorld) {
    // A service may answer strangers without state where there are many of one prefix; of this one there are few.
    const from = this.bench.anonymousAddress(this.randomness);
    await dial(this, { scenario: 'invite-final-repeated', ...(from === undefined ? {} : { from }) });
  },
);

When(
  'it is called without credentials, and the Via names another address',
  async function (this: ConformanceWorld) {
    await dial(this, { scenario: 'invite-rport' });
  },
);

When('somebody sends it a BYE of a dialog that does not exist', async function (this: ConformanceWorld) {
  await dial(this, { scenario: 'bye-foreign' });
});

When('it is called with an invented To tag and without credentials', async function (this: ConformanceWorld) {
  await dial(this, { scenario: 'invite-invented-to-tag' });
});

When('somebody sends it REGISTER without credentials', async function (this: ConformanceWorld) {
  await dial(this, { scenario: 'register' });
});

When(
  /^somebody sends it (MESSAGE|SUBSCRIBE|REFER|PUBLISH|INFO|UNHEARDOF) without credentials$/,
  async function (this: ConformanceWorld, method: string) {
    await dial(this, { scenario: `method-${method.toLowerCase()}` });
  },
);

Then('the proxy put itself on the route', function (this: ConformanceWorld) {
  must(recordsRoute(this.lastCall));
});

Then(/^the (ACK|BYE) reaches the voice platform$/, function (this: ConformanceWorld, method: string) {
  must(voicePlatformReceived(this.lastCall, method));
});

Then('a CANCEL of that INVITE reaches the voice platform', function (this: ConformanceWorld) {
  must(cancelDelivered(this.lastCall));
});

Then('the call is cancelled', function (this: ConformanceWorld) {
  must(cancelled(this.lastCall));
});

Then('neither ACK nor CANCEL was challenged', function (this: ConformanceWorld) {
  must(neverChallenged(this.lastCall, 'ACK'), neverChallenged(this.lastCall, 'CANCEL'));
  if (!this.lastCall.messages.some(({ method }) => method === 'CANCEL'))
    throw new BrokenPrecondition('sip.cancel', 'no call rang that could be cancelled');
});

Then(
  'the INVITE is answered with {int} or {int}',
  function (this: ConformanceWorld, one: number, other: number) {
    must(requestAnswered(this.lastCall, 'INVITE', [one, other]));
  },
);

Then(
  /^(BYE|REGISTER) is answered with (\d+)$/,
  function (this: ConformanceWorld, method: string, status: string) {
    must(requestAnswered(this.lastCall, method, [Number(status)]));
  },
);

Then(/^(\w+) is refused$/, function (this: ConformanceWorld, method: string) {
  must(requestRefused(this.lastCall, method));
});

Then('the answer lists the methods allowed', function (this: ConformanceWorld) {
  must(allowsMethods(this.lastCall));
});

Then(
  'the INVITE reaches the voice platform with Max-Forwards {int}',
  function (this: ConformanceWorld, hops: number) {
    must(deliveredWithHops(this.lastCall, hops));
  },
);

Then(
  'these headers reach the voice platform unchanged and in order',
  function (this: ConformanceWorld, table: DataTable) {
    must(deliveredUnchanged(this.lastCall, table.raw().flat()));
  },
);

Then('its credentials do not reach the voice platform', function (this: ConformanceWorld) {
  must(credentialsConsumed(this.lastCall, this.parameters.descriptor.realm));
});

Then('the credentials for the other realm reach the voice platform', function (this: ConformanceWorld) {
  must(credentialsPassedOn(this.lastCall, 'elsewhere.example'));
});

Then('{int} is repeated', function (this: ConformanceWorld, status: number) {
  must(finalRepeated(this.lastCall, status));
});

Then('the first answer came within {int} ms', function (this: ConformanceWorld, milliseconds: number) {
  must(firstAnsweredWithin(this.lastCall, milliseconds));
});

Then("the answers come to the packet's source, and their Via names it", function (this: ConformanceWorld) {
  must(answeredAtSource(this.lastCall));
});
