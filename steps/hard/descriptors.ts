import { Then, When } from '@cucumber/cucumber';

import { setUpOrUnavailable } from '../../harness/expect/calls.ts';
import { must } from '../../harness/expect/match.ts';
import { withoutDescriptors } from '../../harness/target/descriptors.ts';
import { HarnessError } from '../../harness/verdict.ts';
import type { ConformanceWorld } from '../world.ts';

const taken = new WeakMap<ConformanceWorld, () => void>();

/** Rule: hard.descriptors. */
When('the target can open no more descriptors', function (this: ConformanceWorld) {
  const { targetPid } = this.parameters;
  if (targetPid === undefined) {
    const reason = 'the run did not start the target, so it cannot take its descriptors away';
    return this.withhold({ verdict: 'inconclusive', reason });
  }
  const restore = withoutDescriptors(targetPid);
  taken.set(this, restore);
  this.ending.addEventListener('abort', restore);
  return undefined;
});

When('the target can open descriptors again', function (this: ConformanceWorld) {
  const restore = taken.get(this);
  if (!restore) throw new HarnessError('the target lacks no descriptors');
  restore();
});

/** Rule: hard.descriptors. */
Then('the call is set up or refused with 5xx', function (this: ConformanceWorld) {
  must(setUpOrUnavailable(this.lastCall));
});
