import { Then, When } from '@cucumber/cucumber';

import { reachedNobody } from '../../harness/expect/attempts.ts';
import { must } from '../../harness/expect/match.ts';
import { startAnew } from '../../harness/target/start_anew.ts';
import { CalledSide } from '../../harness/traffic/called_side.ts';
import { toldCallOf } from '../sip/told_call.ts';
import type { ConformanceWorld } from '../world.ts';

/** Rule: hard.restart. */
When('the service starts anew', async function (this: ConformanceWorld) {
  const reason = await startAnew(this.parameters);
  return reason === undefined ? undefined : this.withhold({ verdict: 'inconclusive', reason });
});

Then(
  'the caller gets no {word} with its tag guessed, and none that the {customer} sends as the called side',
  async function (this: ConformanceWorld, method: string, customer: string) {
    const call = toldCallOf(this);
    const guessed = await call.askCaller(method, { toTag: 'guessed' });
    must(reachedNobody(guessed, `${method} with a guessed tag`));
    const { answer } = this.parameters.descriptor.timeouts;
    const by = await CalledSide.open(this.addressOf(customer), answer.ms);
    this.ending.addEventListener('abort', () => by.close());
    must(reachedNobody(await call.askCaller(method, { by }), `${method} of a third party`));
  },
);
