import { Then, When, type DataTable } from '@cucumber/cucumber';

import { reachedOtherSide } from '../../harness/expect/attempts.ts';
import { must } from '../../harness/expect/match.ts';
import { startAnew } from '../../harness/target/start_anew.ts';
import { toldCallOf } from '../sip/told_call.ts';
import type { ConformanceWorld } from '../world.ts';

/** Rule: hard.restart. */
When('the service starts anew', async function (this: ConformanceWorld) {
  const reason = await startAnew(this.parameters);
  return reason === undefined ? undefined : this.withhold({ verdict: 'inconclusive', reason });
});

Then(
  'these requests of that call reach its other side',
  async function (this: ConformanceWorld, table: DataTable) {
    const call = toldCallOf(this);
    for (const [who = '', method = ''] of table.raw()) {
      const came = await (who === 'of the caller' ? call.askCalled(method) : call.askCaller(method));
      must(reachedOtherSide(came, `${method} ${who}`));
    }
  },
);
