import { Then, When } from '@cucumber/cucumber';

import { must } from '../../harness/expect/match.ts';
import { streamKeptAlive } from '../../harness/expect/raw.ts';
import type { ConformanceWorld } from '../world.ts';
import { dial, SCENARIOS, WRONG_PASSWORD } from './dial.ts';

When('a client sends OPTIONS to the service over TCP', async function (this: ConformanceWorld) {
  await this.place({ scenario: `${SCENARIOS}/options.xml`, transport: 'tcp' });
});

When('it is called over TCP with its password', async function (this: ConformanceWorld) {
  await dial(this, { credentialsOf: this.application, transport: 'tcp' });
});

When('it is called over TCP with a wrong password', async function (this: ConformanceWorld) {
  await dial(this, { credentialsOf: this.application, password: WRONG_PASSWORD, transport: 'tcp' });
});

When(
  'it is called over TCP with its password, and the called side hangs up',
  async function (this: ConformanceWorld) {
    await dial(this, { scenario: 'invite-hung-up', credentialsOf: this.application, transport: 'tcp' });
  },
);

/** Rule: sip.tcp. */
When(
  /^a client sends (\d+) OPTIONS over one connection, (all in one segment|an octet a segment)$/,
  async function (
    this: ConformanceWorld,
    count: string,
    segmentation: 'all in one segment' | 'an octet a segment',
  ) {
    await this.sendOptionsOverTcp(Number(count), segmentation);
  },
);

Then(
  '{int} answers come over it, each 200 {string}',
  function (this: ConformanceWorld, count: number, reason: string) {
    must(streamKeptAlive(this.stream, count, reason));
  },
);
