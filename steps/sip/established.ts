import { Then, When } from '@cucumber/cucumber';

import { reachedCalledSide, reachedCaller, succeeded } from '../../harness/expect/attempts.ts';
import { must } from '../../harness/expect/match.ts';
import { responseTo } from '../../harness/traffic/raw_call.ts';
import { callByHand, callOf } from '../hard/calls.ts';
import type { ConformanceWorld } from '../world.ts';

/** Rule: sip.disabled.established. */
When(
  'a call with its password is answered, but not acknowledged yet',
  async function (this: ConformanceWorld) {
    await callByHand(this, 200, 'converse', false);
  },
);

When('the caller acknowledges it', function (this: ConformanceWorld) {
  callOf(this).acknowledge();
});

Then("the caller's re-INVITE, INFO and BYE reach the called side", async function (this: ConformanceWorld) {
  const methods = ['INVITE', 'INFO', 'BYE'];
  for (const method of methods) must(succeeded(await callOf(this).ask(method), `the caller's ${method}`));
  must(reachedCalledSide(await callOf(this).passedOn(), methods));
});

Then("the called side's re-INVITE, INFO and BYE reach the caller", async function (this: ConformanceWorld) {
  const { caller } = callOf(this);
  const contact = `Contact: <sip:caller@${caller.local.address}:${caller.local.port}>`;
  for (const method of ['INVITE', 'INFO', 'BYE']) {
    const request = await caller.until((message) => message.method === method);
    must(reachedCaller(request, method));
    if (request) caller.send(responseTo(request, '200 OK', [contact]));
  }
});
